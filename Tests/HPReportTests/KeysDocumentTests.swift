import HPReport
import SchemaTesting
import Testing

@Suite("The list of keys")
struct KeysDocumentTests {
    private let coordinator = (
        fingerprint: "e5438f3645f312ae", publicKey: "uct7XZrt)jqpKOx[YV91N}71pzuNj:^C27sYW#7-"
    )

    private let keys = [
        KeysDocument.Entry(
            name: "admin", role: "admin", fingerprint: "257b07a801e1ec1f",
            publicKey: "5A@3ixQj9C^Xr)sDx(xyW5j8Sp/N4KsdS(R0vV9l",
            since: "2026-01-31T12:00:00Z"),
        KeysDocument.Entry(
            name: "gpu-1", role: "worker", fingerprint: "3a0fde20c639a88e",
            publicKey: "(]O!9)z97EEvPavx<<G>>/W}!sn@lp47E^<YbL-^",
            since: "2026-02-01T12:00:00Z"),
    ]

    @Test func `it reads as it should`() throws {
        for (format, suffix) in [(DocumentFormat.table, "txt"), (.json, "json")] {
            let text = KeysDocument.render(coordinator: coordinator, keys: keys, format: format)
            #expect(try text == Golden.text("keys.\(suffix)", updatedBy: text))
        }
    }

    @Test func `it fits its schema, and the schema is strict`() throws {
        let checker = try SchemaChecker(shipped: "keys", of: "HPReport")
        let text = KeysDocument.render(coordinator: coordinator, keys: keys, format: .json)
        #expect(try checker.problems(in: text) == [])
        let empty = KeysDocument.render(coordinator: nil, keys: [], format: .json)
        #expect(try checker.problems(in: empty) == [])
        let problems = try checker.problems(in: text.replacing("\"role\": ", with: "\"part\": "))
        #expect(problems.contains { $0.hasSuffix("lacks role") })
        #expect(problems.contains { $0.hasSuffix("part is unknown") })
    }

    @Test func `lists without keys say what to do`() {
        let none = KeysDocument.render(coordinator: nil, keys: [], format: .table)
        let nobody = KeysDocument.render(coordinator: coordinator, keys: [], format: .table)
        for text in [none, nobody] { #expect(text.contains("hpcoord keys authorize")) }
        #expect(nobody.contains(coordinator.fingerprint))
    }
}
