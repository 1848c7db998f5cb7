// SPDX-License-Identifier: Apache-2.0

extension KeyedDecodingContainer {
    /// Throws `DecodingError.dataCorrupted` unless `problem` is nil.
    func refuse(_ problem: String?) throws {
        guard let problem else { return }
        throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: problem))
    }
}

/// A type that is encoded as one string.
protocol TextCoded: Codable {
    /// What it is called in errors, with its article.
    static var title: String { get }
    var text: String { get }
    /// Nil unless the text is one that `text` can return.
    init?(text: String)
}

extension TextCoded {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(text.prefix(40))\" is not \(Self.title)"))
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
