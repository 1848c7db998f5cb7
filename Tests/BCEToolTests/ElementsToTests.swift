// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// `--elements-to` either writes a complete file or leaves the existing one unchanged.
final class ElementsToTests: RefusalTestCase {
    private let p = [0.1, 0.95, 0.2, 0.6]
    private let t = [0.0, 1, 0, 0]
    private let loss = 0.3240220233084355

    func test_loss_elementsTo_writesThePredictionsTypeAndShape() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f4", p.map(Float.init), shape: "(2, 2)"))
        try tool.write("t.npy", NPY.file("|u1", t.map { UInt8($0) }, shape: "(2, 2)"))
        XCTAssertEqual(try tool.loss("p.npy", "t.npy", "--elements-to", "e.npy"), loss, accuracy: 3e-8)
        let written = try tool.read("e.npy")
        XCTAssertEqual(written.count, 128 + 16)
        let header = String(decoding: written[10..<128], as: UTF8.self)
        XCTAssertTrue(header.contains("'descr': '<f4'") && header.contains("'shape': (2, 2)"), header)
        // The tool can read what it writes: the mean of the losses as logits with label 0 is another known number.
        let elements = written.suffix(16).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        for (element, step) in zip(elements, [0.10536052, 0.05129329, 0.22314355, 0.91629073] as [Float]) {
            XCTAssertEqual(element, step, accuracy: 6e-8)
        }
        XCTAssertEqual(try tool.run("loss", "e.npy", "t.npy", "--logits").status, 0)
    }

    func test_elementsTo_overLink_replacesWhatItPointsTo() throws {
        let tool = try Tool()
        try tool.write("p.npy", NPY.file("<f8", p))
        try tool.write("t.npy", NPY.file("<f8", t))
        try tool.write("old.npy", "old")
        let link = tool.folder.appendingPathComponent("link.npy").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "old.npy")
        _ = try tool.loss("p.npy", "t.npy", "--elements-to", "link.npy")
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: link), "old.npy")
        XCTAssertEqual(try tool.read("old.npy").count, 128 + 32)
    }

    func test_elementsTo_failure_keepsWhatWasThere() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 1.5]))
        try tool.write("e.npy", "precious")
        XCTAssertNotEqual(try tool.run("loss", "p.npy", "t.npy", "--elements-to", "e.npy").status, 0)
        XCTAssertEqual(try tool.read("e.npy"), Data("precious".utf8))
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5]))
        let result = try tool.run("loss", "p.npy", "t.npy", "--elements-to", "no/such/folder/e.npy")
        XCTAssertNotEqual(result.status, 0)
        XCTAssertTrue(result.error.contains("no/such/folder/e.npy"), result.error)
    }

    func test_elementsTo_notARegularFile_isLeftAsItWas() throws {
        let tool = try toolWithTargets()
        // A rename would replace a device, too, but a failing test must not remove one.
        let pipe = tool.folder.appendingPathComponent("pipe").path
        XCTAssertEqual(mkfifo(pipe, 0o600), 0)
        let result = try tool.run("loss", "t.npy", "t.npy", "--elements-to", "pipe")
        XCTAssertNotEqual(result.status, 0)
        XCTAssertTrue(result.error.contains("not a regular file"), result.error)
        var status = stat()
        XCTAssertEqual(stat(pipe, &status), 0)
        XCTAssertEqual(status.st_mode & S_IFMT, S_IFIFO)
        XCTAssertEqual(
            Set(try FileManager.default.contentsOfDirectory(atPath: tool.folder.path)), ["pipe", "t.npy"])
    }
}
