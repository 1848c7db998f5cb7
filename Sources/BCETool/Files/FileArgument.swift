// SPDX-License-Identifier: Apache-2.0

/// The parts of an argument FILE.npy, FILE.csv or FILE.csv:COLUMN.
struct FileArgument: CustomStringConvertible {
    let path: FilePath
    /// Whether it is a .csv or .tsv file.
    let isText: Bool
    let column: [UInt8]?

    private static let textSuffixes = [".csv", ".tsv"]

    init(_ argument: String) {
        let bytes = argument.argumentBytes()
        func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
            Self.textSuffixes.contains { bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
        }
        let colons = bytes.indices.lazy.filter { bytes[$0] == UInt8(ascii: ":") }
        guard !isText(bytes[...]), let end = colons.last(where: { isText(bytes[..<$0]) }) else {
            (path, self.isText, column) = (FilePath(bytes), isText(bytes[...]), nil)
            return
        }
        (path, self.isText, column) = (FilePath(bytes[..<end]), true, Array(bytes[(end + 1)...]))
    }

    var description: String { "\(path)" + (column.map { ":\($0.excerpt)" } ?? "") }
}

extension FilePath {
    /// Throws an error that says what to do with a file of a kind that the tool does not read.
    func checkKind() throws {
        // A column may have been named as that of a .csv file is.
        let colon = bytes.lastIndex(of: UInt8(ascii: ":"))
        let name = colon.map { FilePath(bytes[..<$0]) } ?? self
        func isOf(_ suffixes: [String]) -> Bool { suffixes.contains(where: name.hasSuffix) }
        if isOf([".parquet", ".arrow", ".feather", ".ipc", ".orc", ".json", ".jsonl", ".xlsx"]) {
            throw ToolError(
                """
                \(self): only .npy, .csv and .tsv files are read; DuckDB, for one, can convert it on the way:
                duckdb -c "copy (from 'FILE') to '/dev/stdout' (format csv, header)" | bce loss - --prediction P --target T
                """)
        }
        if isOf([".gz", ".zst", ".bz2", ".xz", ".zip", ".lz4"]) {
            throw ToolError(
                """
                \(self): compressed files are not read; decompress it on the way:
                zcat FILE.csv.gz | bce loss - --prediction P --target T
                """)
        }
    }
}
