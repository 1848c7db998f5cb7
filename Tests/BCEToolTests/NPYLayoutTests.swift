// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// Valid .npy files whose layout differs from what NumPy writes today.
final class NPYLayoutTests: XCTestCase {
    private let p = [0.1, 0.95, 0.2, 0.6]
    private let t = [0.0, 1, 0, 0]
    private let loss = 0.3240220233084355

    func test_loss_headersOfOtherWriters_areRead() throws {
        let tool = try Tool()
        let data = p.withUnsafeBytes { Data($0) }
        for (text, shape) in [
            ("{'shape': (4L,), 'descr': '<f8', 'fortran_order': False}", "(4,)"),
            (#"{"descr":"<f8","fortran_order":False,"shape":(2,2)}"#, "(2, 2)"),
            ("{'descr': '<f8', 'fortran_order': True, 'shape': (4,), }", "(4,)"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (4, 1), }", "(4,)"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", "(4, 1)"),
        ] {
            try tool.write("t.npy", NPY.file("<f8", t, shape: shape))
            try tool.write("p.npy", NPY.header(text) + data)
            XCTAssertEqual(try tool.loss("p.npy", "t.npy"), loss, accuracy: 1e-15, text)
        }
    }

    func test_loss_dataOffTheirAlignment_areCopied() throws {
        let tool = try Tool()
        try tool.write("t.npy", NPY.file("<f8", t))
        let text = Data("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }".utf8)
        let preamble = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0])
        XCTAssertNotEqual((preamble.count + text.count) % 8, 0)
        try tool.write("p.npy", preamble + text + p.withUnsafeBytes { Data($0) })
        XCTAssertEqual(try tool.loss("p.npy", "t.npy"), loss, accuracy: 1e-15)
    }
}
