import DatasetBuilding
import Foundation
import TestSupport
import Testing

@Suite struct CorpusTablesTests {
    @Test func objaverseAnnotationsAreFlattened() throws {
        let folder = TemporaryFolder()
        let path = try folder.write(
            "annotations.json",
            """
            {"abc123": {"name": "Fox", "license": "by", "animationCount": 3, "isAgeRestricted": false,
              "tags": [{"name": "animal"}, {"name": "low-poly"}], "user": {"username": "ann"},
              "staffpickedAt": null}}
            """)
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
        let folder = TemporaryFolder()
        let csv = try folder.write(
            "a.csv", "sha256,aesthetic_score,caption\nff00,5.75,\"a fox, running\"\nee11,,\n")
        let lines = try folder.write(
            "b.jsonl", "{\"id\": \"animals/fox\", \"source\": \"sketchfab\"}\n\n")
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
        let folder = TemporaryFolder()
        var tables = CorpusTables()
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch { return "\(error)" }
        }
        let list = try folder.write("list.json", "[1, 2]")
        #expect(message { try tables.addAnnotations(path: list) }.contains("list.json"))
        let gzip = folder.url.appending(path: "x.json.gz")
        try Data([0x1f, 0x8b, 8, 0]).write(to: gzip)
        #expect(message { try tables.addAnnotations(path: gzip.path) }.contains("gunzip"))
        let csv = try folder.write("t.csv", "a,b\n1,2\n")
        #expect(
            message { try tables.addTable(path: csv, identityColumn: "id") }
                .contains("no column id"))
        let lines = try folder.write("t.jsonl", "{\"id\": \"a\"}\n{\"id\": 3}\n")
        #expect(
            message { try tables.addTable(path: lines, identityColumn: "id") }
                .contains("t.jsonl:2"))
        #expect(
            message { try tables.addAnnotations(path: "/no/such/file") }.contains("cannot be read"))
    }
}
