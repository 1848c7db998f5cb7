// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// An axis, recovered from its labels.
struct FigureAxis {
    private let origin: (value: Double, pixel: Double)
    private let scale: Double

    /// - Parameters:
    ///   - labels: all labels of the axis.
    ///   - coordinate: "x" or "y".
    ///   - value: the value of a probability on the axis.
    init(_ labels: [FigureXML], _ coordinate: String, _ value: (Double) -> Double) throws {
        let places = labels.map { label in
            (value: value(Self.probability(label.text)), pixel: label.number(coordinate))
        }
        let (first, last) = (try XCTUnwrap(places.first), try XCTUnwrap(places.last))
        XCTAssertGreaterThan(places.count, 2)
        origin = first
        scale = (last.pixel - first.pixel) / (last.value - first.value)
        // A label and the ends of the axis are rounded to a hundredth of a pixel.
        for place in places {
            XCTAssertEqual(pixel(place.value), place.pixel, accuracy: 0.0101, "labels are not on one scale")
        }
    }

    func pixel(_ value: Double) -> Double { origin.pixel + scale * (value - origin.value) }

    private static func probability(_ label: String) -> Double {
        if label.hasSuffix("%") { return (Double(label.dropLast()) ?? .nan) / 100 }
        if label.hasPrefix("1-") { return 1 - (Double(label.dropFirst(2)) ?? .nan) }
        return Double(label) ?? .nan
    }
}
