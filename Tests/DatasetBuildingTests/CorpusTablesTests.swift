import DatasetBuilding
import Foundation
import TestSupport
import Testing

@Suite struct CorpusTablesTests {
    private func write(_ text: String, _ name: String, _ folder: TemporaryFolder) throws -> String {
        let url = folder.url.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    @Test func objaverseAnnotationsAreFlattened() throws {
        let folder = try TemporaryFolder()
        let path = try write(
            """
            {"abc123": {"name": "Fox", "license": "by", "animationCount": 3, "isAgeRestricted": false,
              "tags": [{"name": "animal"}, {"name": "low-poly"}], "user": {"username": "ann"},
              "staffpickedAt": null}}
            """, "annotations.json", folder)
        var tables = CorpusTables()
        try tables.addAnnotations(path: path)
        let columns = tables.columns(identity: "glbs/000-001/abc123", sha256: nil)
        #expect(columns["license"] == .texts(["by"]))
        #expect(columns["animationCount"] == .number(3))
        #expect(columns["isAgeRestricted"] == .number(0))
        #expect(columns["tags"] == .texts(["animal", "low-poly"]))
        #expect(columns["user.username"] == .texts(["ann"]))
        #expect(columns["staffpickedAt"] == nil)
        #expect(tables.columns(identity: "other", sha256: nil).isEmpty)
    }

    @Test func csvAndJSONLinesJoinByIdentityNameOrHash() throws {
        let folder = try TemporaryFolder()
        let csv = try write(
            "sha256,aesthetic_score,caption\nff00,5.75,\"a fox, running\"\nee11,,\n", "a.csv",
            folder)
        let lines = try write(
            "{\"id\": \"animals/fox\", \"source\": \"sketchfab\"}\n\n", "b.jsonl", folder)
        var tables = CorpusTables()
        try tables.addTable(path: csv, identityColumn: "sha256")
        try tables.addTable(path: lines, identityColumn: "id")
        let columns = tables.columns(identity: "animals/fox", sha256: "ff00")
        #expect(columns["aesthetic_score"] == .number(5.75))
        #expect(columns["caption"] == .texts(["a fox, running"]))
        #expect(columns["source"] == .texts(["sketchfab"]))
        #expect(tables.columns(identity: "x", sha256: "ee11").isEmpty)
    }

    @Test func badTablesAreNamed() throws {
        let folder = try TemporaryFolder()
        var tables = CorpusTables()
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch { return "\(error)" }
        }
        let list = try write("[1, 2]", "list.json", folder)
        #expect(message { try tables.addAnnotations(path: list) }.contains("list.json"))
        let gzip = folder.url.appending(path: "x.json.gz")
        try Data([0x1f, 0x8b, 8, 0]).write(to: gzip)
        #expect(message { try tables.addAnnotations(path: gzip.path) }.contains("gunzip"))
        let csv = try write("a,b\n1,2\n", "t.csv", folder)
        #expect(
            message { try tables.addTable(path: csv, identityColumn: "id") }
                .contains("no column id"))
        let lines = try write("{\"id\": \"a\"}\n{\"id\": 3}\n", "t.jsonl", folder)
        #expect(
            message { try tables.addTable(path: lines, identityColumn: "id") }
                .contains("t.jsonl:2"))
        #expect(
            message { try tables.addAnnotations(path: "/no/such/file") }.contains("cannot be read"))
    }
}
