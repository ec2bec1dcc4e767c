import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxDefaultObjectFactory;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks EU DSS, offline and under its own default policy, about signed PDFs.
 *
 * <p>Usage: java -cp '.tools/dss/*' tests/judging/DssJudge.java ROOT.pem... FILE... One line of JSON
 * for each file: {"file", "signatures": [{"field", "indication", "subindication", "level", "errors",
 * "warnings"}], "timestamps": [...], "error"}.
 */
final class DssJudge {
    private final CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    private final PdfBoxDefaultObjectFactory reading = new PdfBoxDefaultObjectFactory();

    private DssJudge(List<File> roots) {
        // Comparing pictures of pages takes it a second a page and revision, and leads to warnings only.
        DefaultPdfDifferencesFinder differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        reading.setPdfDifferencesFinder(differences);
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        roots.forEach(root -> trusted.addCertificate(DSSUtils.loadCertificate(root)));
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null); // nothing is fetched: all that counts is in the file
    }

    public static void main(String[] arguments) {
        Map<Boolean, List<File>> given = Stream.of(arguments).map(File::new)
            .collect(Collectors.partitioningBy(file -> file.getName().endsWith(".pem")));
        DssJudge judge = new DssJudge(given.get(true));
        given.get(false).forEach(file -> System.out.println(json(judge.judged(file))));
    }

    private Map<String, Object> judged(File file) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file.getName());
        try {
            PDFDocumentValidator validator = new PDFDocumentValidator(new FileDocument(file));
            validator.setPdfObjFactory(reading);
            validator.setCertificateVerifier(verifier);
            validator.setLocale(Locale.ENGLISH);
            Reports reports = validator.validateDocument();
            answer.put("signatures", signatures(reports));
            answer.put("timestamps", timestamps(reports));
        } catch (RuntimeException error) { // a file that it cannot read is an answer too
            answer.put("error", String.valueOf(error));
        }
        return answer;
    }

    private static List<Object> signatures(Reports reports) {
        SimpleReport simple = reports.getSimpleReport();
        DiagnosticData data = reports.getDiagnosticData();
        List<Object> found = new ArrayList<>();
        for (String id : simple.getSignatureIdList()) {
            SignatureWrapper signature = data.getSignatureById(id);
            Map<String, Object> one = verdict(simple, id, signature.getFirstFieldName());
            one.put("level", String.valueOf(simple.getSignatureFormat(id)).replace('_', '-'));
            found.add(one);
        }
        return found;
    }

    private static List<Object> timestamps(Reports reports) {
        SimpleReport simple = reports.getSimpleReport();
        List<Object> found = new ArrayList<>();
        for (TimestampWrapper timestamp : reports.getDiagnosticData().getTimestampList()) {
            Map<String, Object> one = verdict(simple, timestamp.getId(), timestamp.getType().name());
            found.add(one);
        }
        return found;
    }

    private static Map<String, Object> verdict(SimpleReport simple, String id, String name) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("field", name);
        one.put("indication", String.valueOf(simple.getIndication(id)).replace('_', '-'));
        one.put("subindication", simple.getSubIndication(id) == null ? "" : simple.getSubIndication(id).name());
        one.put("errors", words(simple.getAdESValidationErrors(id)));
        one.put("warnings", words(simple.getAdESValidationWarnings(id)));
        return one;
    }

    private static List<Object> words(List<Message> messages) {
        return messages == null ? Collections.emptyList()
            : messages.stream().map(Message::getValue).collect(Collectors.toList());
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(DssJudge::json).collect(Collectors.joining(",", "[", "]"));
        }
        return '"' + String.valueOf(value).chars()
            .mapToObj(character -> character < ' ' || character == '"' || character == '\\'
                ? String.format("\\u%04x", character) : String.valueOf((char) character))
            .collect(Collectors.joining()) + '"';
    }
}
