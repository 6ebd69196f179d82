import java.io.File;
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
        boolean conforming = true;
        for (String flavour : arguments[0].split(",")) {
            for (int index = 1; index < arguments.length; index++) {
                conforming &= conforms(new File(arguments[index]), PDFAFlavour.fromString(flavour));
            }
        }
        System.exit(conforming ? 0 : 1);
    }

    private static boolean conforms(File file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
            ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            String verdict = result.isCompliant() ? "conforms" : "fails";
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
}
