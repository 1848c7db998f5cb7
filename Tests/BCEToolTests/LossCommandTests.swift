// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

final class LossCommandTests: XCTestCase {
    private let p = [0.1, 0.95, 0.2, 0.6]
    private let t = [0.0, 1, 0, 0]
    private let loss = 0.3240220233084355

    func test_loss_everyElementType_isTheSame() throws {
        let tool = try Tool()
        try tool.write("f8.npy", NPY.file("<f8", p))
        try tool.write("f4.npy", NPY.file("<f4", p.map(Float.init)))
        try tool.write("f2.npy", NPY.file("<f2", p.map { Float16($0) }))
        try tool.write("big.npy", NPY.file(">f8", p.map { $0.bitPattern.bigEndian }))
        try tool.write("v2.npy", NPY.file("<f8", p, version: 2))
        try tool.write("v3.npy", NPY.file("<f8", p, version: 3))
        let targets: [(String, Data)] = [
            ("t-f8", NPY.file("<f8", t)), ("t-f4", NPY.file("<f4", t.map(Float.init))),
            ("t-f2", NPY.file("<f2", t.map { Float16($0) })), ("t-b1", NPY.file("|b1", t.map { UInt8($0) })),
            ("t-u1", NPY.file("|u1", t.map { UInt8($0) })), ("t-i1", NPY.file("|i1", t.map { Int8($0) })),
            ("t-i2", NPY.file("<i2", t.map { Int16($0) })), ("t-i4", NPY.file("<i4", t.map { Int32($0) })),
            ("t-i8", NPY.file("<i8", t.map { Int64($0) })),
            ("t-big", NPY.file(">i8", t.map { Int64($0).bigEndian })),
        ]
        for (name, data) in targets {
            try tool.write("\(name).npy", data)
            for (predictions, accuracy) in [
                ("f8", 1e-15), ("big", 1e-15), ("v2", 1e-15), ("v3", 1e-15), ("f4", 3e-8), ("f2", 2e-3),
            ] {
                XCTAssertEqual(
                    try tool.loss("\(predictions).npy", "\(name).npy"), loss, accuracy: accuracy,
                    "\(predictions), \(name)")
            }
        }
    }

    func test_loss_csvColumns_byNameAndNumber() throws {
        let tool = try Tool()
        try tool.write(
            "log.csv", "id,p,\"clicked, or not\"\r\na,0.1,0\r\nb,0.95,1\r\nc,\"0.2\",0\r\nd, 0.6 ,0")
        try tool.write("p.csv", "p\n0.1\n0.95\n0.2\n0.6\n")
        XCTAssertEqual(try tool.loss("log.csv:p", "log.csv:clicked, or not"), loss, accuracy: 1e-15)
        XCTAssertEqual(try tool.loss("log.csv:2", "log.csv:3"), loss, accuracy: 1e-15)
        XCTAssertEqual(try tool.loss("p.csv", "log.csv:3"), loss, accuracy: 1e-15)
        try tool.write("marked.csv", "\u{FEFF}p\n0.1\n0.95\n0.2\n0.6")
        XCTAssertEqual(try tool.loss("marked.csv", "log.csv:3"), loss, accuracy: 1e-15)
    }

    func test_loss_sumAndLogits_areReduced() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", p))
        try tool.write("x.npy", NPY.file("<f8", p.map { log($0 / (1 - $0)) }))
        try tool.write("t.npy", NPY.file("<f8", t))
        XCTAssertEqual(try tool.loss("p.npy", "t.npy", "--reduction", "sum"), 4 * loss, accuracy: 1e-14)
        XCTAssertEqual(try tool.loss("x.npy", "t.npy", "--logits"), loss, accuracy: 1e-15)
    }

    func test_loss_json_holdsTheFields() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", [0.0]))
        try tool.write("t.npy", NPY.file("<f8", [1.0]))
        for (preset, expected) in [
            ("exact", "Infinity" as Any), ("pytorch", 100.0), ("keras", 16.11809565095832),
        ] {
            let result = try tool.run("loss", "p.npy", "t.npy", "--json", "--preset", preset)
            let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            if let number = expected as? Double {
                XCTAssertEqual(object?["loss"] as? Double ?? 0, number, accuracy: 1e-12, preset)
            } else {
                XCTAssertEqual(object?["loss"] as? String, expected as? String)
            }
            XCTAssertEqual(object?["count"] as? Int, 1)
            XCTAssertEqual(object?["reduction"] as? String, "mean")
            XCTAssertEqual(object?["input"] as? String, "probabilities")
            XCTAssertEqual(object?["preset"] as? String, preset)
            XCTAssertEqual(object?["scalar"] as? String, "Double")
            XCTAssertEqual(object?["threads"] as? Int, ProcessInfo.processInfo.activeProcessorCount)
        }
    }

    func test_loss_doubleTargetsOfFloatPredictions_loseNothing() throws {
        let tool = try Tool()
        let (p, t) = ([0.3, 0.7] as [Float], [0.1, 0.9])
        try tool.write("p.npy", NPY.file("<f4", p))
        try tool.write("soft.npy", NPY.file("<f8", t))
        try tool.write("hard.npy", NPY.file("<f8", [0.0, 1]))
        let exact = zip(p.map(Double.init), t).map { -($1 * log($0) + (1 - $1) * log1p(-$0)) }
        // Rounding 0.1 to Float would cause an error in the ninth digit.
        XCTAssertEqual(
            try tool.loss("p.npy", "soft.npy", "--elements-to", "e.npy"), (exact[0] + exact[1]) / 2,
            accuracy: 1e-15)
        for targets in ["soft.npy", "hard.npy"] {
            _ = try tool.loss("p.npy", targets, "--elements-to", "e.npy")
            let written = try tool.read("e.npy")
            XCTAssertEqual(written.count, 128 + 8, targets)
            XCTAssertTrue(String(decoding: written.prefix(128), as: UTF8.self).contains("'<f4'"), targets)
        }
    }

    func test_loss_manyChunks_isTheSumOfAll() throws {
        let tool = try Tool()
        // Two complete chunks and an odd remainder with losses log 2, except for the last element.
        let count = 2 << 22 | 5
        var p = [Float](repeating: 0.5, count: count)
        p[count - 1] = 0.25
        try tool.write("p.npy", NPY.file("<f4", p))
        try tool.write("t.npy", NPY.file("|u1", [UInt8](repeating: 1, count: count)))
        let sum = Double(count + 1) * log(2)
        XCTAssertEqual(
            try tool.loss("p.npy", "t.npy", "--reduction", "sum"), sum, accuracy: sum * 1e-14)
        _ = try tool.loss("p.npy", "t.npy", "--elements-to", "e.npy")
        let last = try tool.read("e.npy").suffix(4).withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
        XCTAssertEqual(last, Float(2 * log(2.0)), accuracy: 5e-7)
        p[count - 2] = 1.5
        try tool.write("p.npy", NPY.file("<f4", p))
        let refused = try tool.run("loss", "p.npy", "t.npy")
        XCTAssertTrue(refused.error.contains("probabilities[\(count - 2)] is 1.5"), refused.error)
    }

    func test_explain_tutorial_printsItsSteps() throws {
        let tool = try Tool()
        try tool.write("p.csv", "p\n0.1\n0.95\n0.2\n0.6\n")
        try tool.write("t.csv", "t\n0\n1\n0\n0\n")
        for arguments in [("0.1,0.95,0.2,0.6", "0,1,0,0"), ("p.csv", "t.csv")] {
            let text = try tool.run("explain", arguments.0, arguments.1).output
            for step in [
                " log p = [-2.30258509, -0.05129329, -1.60943791, -0.51082562]",
                " t * log p = [0, -0.05129329, 0, 0]",
                " log(1 - p) = [-0.10536052, -2.99573227, -0.22314355, -0.91629073]",
                " (1 - t) * log(1 - p) = [-0.10536052, 0, -0.22314355, -0.91629073]",
                " sum of t * log p = -0.05129329", " sum of (1 - t) * log(1 - p) = -1.24479480",
                " / 4 = 0.32402202", "clips p by 1e-7, prints 0.32402205",
            ] {
                XCTAssertTrue(text.contains(step), "\(step) in\n\(text)")
            }
        }
    }
}
