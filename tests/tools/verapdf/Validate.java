import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files against flavours: `Validate 3a,ua1 FILE...`; one line for each pair, then the rules it breaks. */
public final class Validate {
    private Validate() {}

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        List<PDFAFlavour> flavours = new ArrayList<>();
        for (String name : arguments[0].split(",")) {
            flavours.add(PDFAFlavour.fromString(name));
        }
        boolean conforming = true;
        for (int index = 1; index < arguments.length; index++) {
            conforming &= conforms(new File(arguments[index]), flavours);
        }
        System.exit(conforming ? 0 : 1);
    }

    /** Reads a file once for all flavours: reading costs more than judging. */
    private static boolean conforms(File file, List<PDFAFlavour> flavours) throws Exception {
        boolean conforming = true;
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavours.get(0))) {
            parser.setFlavours(flavours);
            for (ValidationResult result : Foundries.defaultInstance().createValidator(flavours).validateAll(parser)) {
                conforming &= reported(file, result);
            }
        }
        return conforming;
    }

    private static boolean reported(File file, ValidationResult result) {
        String verdict = result.isCompliant() ? "conforms" : "fails";
        PDFAFlavour flavour = result.getPDFAFlavour();
        System.out.printf("%s %s %s (%d checks)%n", verdict, flavour, file, result.getTotalAssertions());
        TreeSet<String> broken = new TreeSet<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                broken.add(assertion.getRuleId().getClause() + ": " + assertion.getMessage());
            }
        }
        broken.forEach(rule -> System.out.println("    " + rule));
        return result.isCompliant();
    }
}
