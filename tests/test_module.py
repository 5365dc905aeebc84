"""The modules are read as they are written: header, imports and terms."""

from __future__ import annotations

from pathlib import Path

from aikg.module import read_modules
from aikg.names import AIKG, ONTOLOGY


def test_modules_of_the_ontology() -> None:
    modules = {module.iri: module for module in read_modules()}
    whole = modules[ONTOLOGY]
    assert whole.title == "aikg: an ontology of the AI industry"
    assert whole.version_iri == ONTOLOGY + "/0.1.0"
    assert whole.terms == ()
    imported = [modules[name] for name in whole.imports]
    assert all(module.terms and module.description and not module.aligns for module in imported)
    names = [name for module in imported for name, _ in module.terms]
    assert len(names) == len(set(names)) > 200, "each term is declared in one module"
    assert {module.file for module in modules.values() if module.aligns} >= {
        "ontology/align/schema.ttl"}


def test_what_a_file_declares(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "none.ttl").write_text("<x:s> <x:p> <x:o> .")
    (tmp_path / "ontology" / "one.ttl").write_text(f"""
        @prefix aikg: <{AIKG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        <x:one> a owl:Ontology ; owl:imports <x:b>, <x:a> .
        aikg:b a owl:ObjectProperty, owl:FunctionalProperty . aikg:A a owl:Class .
        aikg:C a owl:NamedIndividual, aikg:A . <x:foreign> a owl:Class .""")
    [module] = read_modules(str(tmp_path))
    assert (module.file, module.title, module.imports) == (
        "ontology/one.ttl", "x:one", ("x:a", "x:b"))
    assert module.terms == ((AIKG + "A", "class"), (AIKG + "C", "individual"),
                            (AIKG + "b", "object property"))
