// SPDX-License-Identifier: Apache-2.0

enum JSON {
    /// One line with sorted keys. Numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity".
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
