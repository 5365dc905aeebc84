
"use strict";
// Search over what the page says. Without this script the page is whole and the box is hidden.
(() => {
  const box = document.querySelector("search");
  const input = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  const MOST = 12;
  let chosen = -1;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const textOf = (entry, selector) => entry.querySelector(selector)?.textContent.trim() ?? "";
  const entries = Array.from(document.querySelectorAll("article.entry"), (entry) => {
    const label = textOf(entry, "h3");
    const aliases = textOf(entry, ".aliases").split("; ").filter(Boolean);
    return {
      entry, label, aliases, kind: entry.dataset.kind, thing: entry.dataset.kind === "entity",
      definition: textOf(entry, ".definition"),
      names: [label, entry.id.split("/").pop(), ...aliases].map(plain),
      prose: plain(textOf(entry, ".definition")),
    };
  });

  // Lower is nearer: the name itself, its beginning, a word of it, any part; then the definition.
  // At the same distance a term comes before a thing, and a short label before a long one.
  const distance = (item, words, wanted) => {
    let best = Infinity;
    item.names.forEach((name, place) => {
      const other = place < 2 ? 0 : 1;
      if (name === wanted) best = Math.min(best, other);
      else if (name.startsWith(wanted)) best = Math.min(best, 2 + other);
      else if ((" " + name).includes(" " + wanted)) best = Math.min(best, 4 + other);
      else if (words.every((word) => name.includes(word))) best = Math.min(best, 6 + other);
    });
    return best < Infinity || !words.every((word) => item.prose.includes(word)) ? best : 9;
  };

  const find = (text) => {
    const wanted = plain(text);
    const words = wanted.split(/\s+/);
    return entries
      .map((item) => ({ item, far: distance(item, words, wanted) }))
      .filter(({ far }) => far < Infinity)
      .sort((a, b) => a.far - b.far || a.item.thing - b.item.thing
        || a.item.label.length - b.item.label.length)
      .map(({ item }) => item);
  };

  const reason = (item, text) => {
    const wanted = plain(text);
    if (plain(item.label).includes(wanted)) return item.kind;
    const alias = item.aliases.find((one) => plain(one).includes(wanted));
    return alias ? `${item.kind}, also “${alias}”` : `${item.kind}: ${item.definition}`;
  };

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const options = list.children;
    if (!options.length) return;
    chosen = (place + options.length) % options.length;
    Array.from(options, (option, number) =>
      option.setAttribute("aria-selected", String(number === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest", behavior: "instant" });
  };

  const open = () => {
    const text = input.value;
    list.replaceChildren();
    if (!plain(text)) {
      status.textContent = "";
      close();
      return;
    }
    const found = find(text);
    found.slice(0, MOST).forEach((item, number) => {
      const option = document.createElement("li");
      option.id = `section/result-${number}`;
      option.setAttribute("role", "option");
      option.dataset.target = item.entry.id;
      const note = document.createElement("small");
      note.textContent = reason(item, text);
      option.append(item.label, note);
      list.append(option);
    });
    const more = found.length > MOST ? `, the nearest ${MOST} shown` : "";
    status.textContent = found.length ? `${found.length} found${more}` : "nothing found";
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (found.length) choose(0);
    else close();
  };

  const follow = (option) => {
    const target = document.getElementById(option.dataset.target);
    close();
    location.hash = option.dataset.target;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };

  input.addEventListener("input", open);
  input.addEventListener("focus", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      follow(list.children[chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) input.value = "";
      status.textContent = "";
      close();
    }
  });
  // A press must not take the focus from the box before the click is seen.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) follow(option);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  box.hidden = false;
})();
