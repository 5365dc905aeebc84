import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.catalog.Catalog;
import javax.xml.catalog.CatalogFeatures;
import javax.xml.catalog.CatalogManager;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.formats.FunctionalSyntaxDocumentFormat;
import org.semanticweb.owlapi.formats.OWLXMLDocumentFormat;
import org.semanticweb.owlapi.formats.RDFXMLDocumentFormat;
import org.semanticweb.owlapi.formats.TurtleDocumentFormat;
import org.semanticweb.owlapi.io.FileDocumentSource;
import org.semanticweb.owlapi.io.RDFParserMetaData;
import org.semanticweb.owlapi.io.RDFTriple;
import org.semanticweb.owlapi.io.StringDocumentSource;
import org.semanticweb.owlapi.io.StringDocumentTarget;
import org.semanticweb.owlapi.model.AxiomType;
import org.semanticweb.owlapi.model.EntityType;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.MissingImportHandlingStrategy;
import org.semanticweb.owlapi.model.OWLAxiom;
import org.semanticweb.owlapi.model.OWLDocumentFormat;
import org.semanticweb.owlapi.model.OWLEntity;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyCreationException;
import org.semanticweb.owlapi.model.OWLOntologyLoaderConfiguration;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.model.OWLOntologyStorageException;
import org.semanticweb.owlapi.model.parameters.Imports;
import org.semanticweb.owlapi.profiles.Profiles;

/**
 * What the OWL API makes of a release.
 *
 * <p>Usage: {@code OwlCheck FOLDER [SAVED]}. Imports are found through the folder's catalog alone;
 * one that is missing, or that is no file, ends the run. Prints one line per finding, {@code
 * FILE<tab>what<tab>value}: a count, or one thing that is wrong; per annotated axiom its evidence.
 * What it saves in each syntax stays in the folder SAVED, as {@code SYNTAX FILE}, if one is named.
 */
public final class OwlCheck {

  private static final String OURS = "https://w3id.org/aikg/ontology/";
  private static final List<OWLDocumentFormat> SYNTAXES =
      List.of(
          new FunctionalSyntaxDocumentFormat(),
          new OWLXMLDocumentFormat(),
          new RDFXMLDocumentFormat(),
          new TurtleDocumentFormat());

  private static File saved;

  private OwlCheck() {}

  public static void main(String[] arguments) throws Exception {
    File folder = new File(arguments[0]);
    saved = arguments.length > 1 ? new File(arguments[1]) : null;
    OWLOntology turtle = check(folder, "aikg.ttl");
    OWLOntology xml = check(folder, "aikg.owl");
    difference("aikg.owl", "lost against aikg.ttl", axioms(turtle), axioms(xml));
    difference("aikg.owl", "more than aikg.ttl", axioms(xml), axioms(turtle));
    say("aikg.owl", "same header", turtle.annotations().collect(Collectors.toSet())
        .equals(xml.annotations().collect(Collectors.toSet()))
        && turtle.getOntologyID().equals(xml.getOntologyID()));
  }

  /** Loads a file of the release and prints what is to be said of it. */
  private static OWLOntology check(File folder, String file) throws Exception {
    OWLOntology ontology =
        manager(folder).loadOntologyFromOntologyDocument(
            new FileDocumentSource(new File(folder, file)), offline());
    ontology.importsClosure().forEach(document -> {
      IRI place = ontology.getOWLOntologyManager().getOntologyDocumentIRI(document);
      say(file, "document", document.getOntologyID().getOntologyIRI().get() + " " + place);
      unparsed(document).forEach(triple -> say(file, "unparsed triple", triple));
    });
    undeclared(ontology).forEach(entity -> say(file, "undeclared entity", entity));
    puns(ontology).forEach(name -> say(file, "illegal punning", name));
    Profiles.OWL2_DL.checkOntology(ontology).getViolations().forEach(
        violation -> say(file, "OWL 2 DL violation", violation));
    say(file, "axioms", ontology.getAxiomCount());
    say(file, "logical axioms", ontology.getLogicalAxiomCount());
    ontology.axioms().filter(OwlCheck::hasEvidence).forEach(axiom -> evidence(file, axiom));
    for (OWLDocumentFormat syntax : SYNTAXES) {
      again(folder, file, ontology, syntax);
    }
    return ontology;
  }

  /** A manager that finds documents through the catalog of the folder and nowhere else. */
  private static OWLOntologyManager manager(File folder) {
    Catalog catalog =
        CatalogManager.catalog(
            CatalogFeatures.defaults(), new File(folder, "catalog-v001.xml").toURI());
    OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
    manager.getIRIMappers().clear();
    manager.getIRIMappers().add(name -> {
      String place = catalog.matchURI(name.toString());
      if (place == null || !place.startsWith("file:")) {
        throw new IllegalStateException("the catalog does not map " + name);
      }
      return IRI.create(place);
    });
    return manager;
  }

  private static OWLOntologyLoaderConfiguration offline() {
    return new OWLOntologyLoaderConfiguration()
        .setFollowRedirects(false)
        .setMissingImportHandlingStrategy(MissingImportHandlingStrategy.THROW_EXCEPTION);
  }

  /** The triples that the parser of a document made nothing of; none in other syntaxes. */
  private static Stream<RDFTriple> unparsed(OWLOntology document) {
    OWLDocumentFormat format = document.getNonnullFormat();
    if (format instanceof FunctionalSyntaxDocumentFormat) {
      return Stream.empty();
    }
    return format.getOntologyLoaderMetaData()
        .map(RDFParserMetaData.class::cast)
        .orElseThrow(() -> new IllegalStateException("the parser kept no record of triples"))
        .getUnparsedTriples();
  }

  /** Entities that nothing in the imports closure declares. */
  private static Set<String> undeclared(OWLOntology ontology) {
    return ontology.importsClosure()
        .flatMap(OWLOntology::signature)
        .filter(entity -> !entity.isBuiltIn() && !ontology.isDeclared(entity, Imports.INCLUDED))
        .map(entity -> entity.getEntityType().getName() + " " + entity.getIRI())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Names that stand for two kinds of entity, other than an individual and one kind beside it. */
  private static Set<String> puns(OWLOntology ontology) {
    return ontology.getPunnedIRIs(Imports.INCLUDED).stream()
        .filter(name -> ontology.entitiesInSignature(name, Imports.INCLUDED)
            .map(OWLEntity::getEntityType)
            .filter(kind -> !kind.equals(EntityType.NAMED_INDIVIDUAL))
            .distinct()
            .count() > 1)
        .map(IRI::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean hasEvidence(OWLAxiom axiom) {
    return axiom.annotations().anyMatch(
        note -> note.getProperty().getIRI().toString().equals(OURS + "evidence"));
  }

  /** Prints the kind of an annotated axiom, and what its annotations point to. */
  private static void evidence(String file, OWLAxiom axiom) {
    AxiomType<?> type = axiom.getAxiomType();
    boolean negative =
        type.equals(AxiomType.NEGATIVE_OBJECT_PROPERTY_ASSERTION)
            || type.equals(AxiomType.NEGATIVE_DATA_PROPERTY_ASSERTION);
    String notes =
        axiom.annotations()
            .map(note -> note.getProperty().getIRI().getShortForm() + "=" + note.getValue()
                .asIRI().map(IRI::toString)
                .orElseGet(() -> note.getValue().asLiteral().get().getLiteral()))
            .sorted()
            .collect(Collectors.joining(" "));
    say(file, negative ? "annotated negative assertion" : "annotated axiom",
        axiom.getAxiomWithoutAnnotations() + "\t" + notes);
  }

  /** Saves the ontology in a syntax, reads it back, and prints what differs. */
  private static void again(
      File folder, String file, OWLOntology ontology, OWLDocumentFormat syntax)
      throws IOException, OWLOntologyCreationException, OWLOntologyStorageException {
    StringDocumentTarget text = new StringDocumentTarget();
    ontology.saveOntology(syntax, text);
    if (saved != null) {
      String name = syntax.getKey().replace('/', '-') + " " + file;
      Files.writeString(new File(saved, name).toPath(), text.toString());
    }
    OWLOntology reloaded =
        manager(folder).loadOntologyFromOntologyDocument(
            new StringDocumentSource(text.toString(), "urn:owlcheck:saved", syntax, null),
            offline());
    difference(file, "lost in " + syntax.getKey(), axioms(ontology), axioms(reloaded));
    difference(file, "gained in " + syntax.getKey(), axioms(reloaded), axioms(ontology));
    say(file, "reloaded", syntax.getKey());
  }

  private static Set<OWLAxiom> axioms(OWLOntology ontology) {
    return ontology.axioms().collect(Collectors.toSet());
  }

  private static void difference(
      String file, String what, Set<OWLAxiom> wanted, Set<OWLAxiom> found) {
    wanted.stream().filter(axiom -> !found.contains(axiom)).forEach(
        axiom -> say(file, what, axiom));
  }

  private static void say(String file, String what, Object value) {
    System.out.println(file + "\t" + what + "\t" + value.toString().replaceAll("[\\r\\n]+", " "));
  }
}
