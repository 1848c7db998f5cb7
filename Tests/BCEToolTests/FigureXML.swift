// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An element of an SVG file, read by a parser that accepts only well-formed XML.
final class FigureXML: NSObject, XMLParserDelegate {
    struct NotWellFormed: Error { let description: String }

    private(set) var name = ""
    private(set) var attributes: [String: String] = [:]
    private(set) var children: [FigureXML] = []
    private(set) var text = ""
    /// The elements that have begun and not ended.
    private var open: [FigureXML] = []

    /// - Parameter data: a file, whose root becomes the only child.
    convenience init(_ data: Data) throws {
        self.init()
        let parser = XMLParser(data: data)
        parser.delegate = self
        guard parser.parse() else {
            throw NotWellFormed(
                description: "line \(parser.lineNumber): \(parser.parserError?.localizedDescription ?? "")")
        }
    }

    func parserDidStartDocument(_: XMLParser) { open = [self] }

    func parser(
        _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
        attributes: [String: String]
    ) {
        let element = FigureXML()
        (element.name, element.attributes) = (name, attributes)
        open.last?.children.append(element)
        open.append(element)
    }

    func parser(_: XMLParser, foundCharacters text: String) { open.last?.text += text }

    func parser(
        _: XMLParser, didEndElement _: String, namespaceURI _: String?, qualifiedName _: String?
    ) { open.removeLast() }
}

extension FigureXML {
    var descendants: [FigureXML] { children.flatMap { [$0] + $0.descendants } }

    /// All elements of this class, in the order of the file.
    func all(_ name: String) -> [FigureXML] { descendants.filter { $0.attributes["class"] == name } }

    /// The only element of this class.
    func only(_ name: String, file: StaticString = #filePath, line: UInt = #line) throws -> FigureXML {
        let elements = all(name)
        XCTAssertEqual(elements.count, 1, name, file: file, line: line)
        return try XCTUnwrap(elements.first, name, file: file, line: line)
    }

    /// The value of an attribute that is a number.
    func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? .signalingNaN }

    /// All numbers in attributes that hold coordinates and lengths; NaN for one that cannot be read.
    var coordinates: [Double] {
        let names = ["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "points"]
        return ([self] + descendants).flatMap { element in
            names.compactMap { element.attributes[$0] }
                .flatMap { $0.split { $0 == " " || $0 == "," } }
                .map { Double($0) ?? .nan }
        }
    }
}
