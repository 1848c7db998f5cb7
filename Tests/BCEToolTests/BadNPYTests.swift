// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// A file that is not an .npy file, or not one that the tool reads, is named and rejected.
final class BadNPYTests: RefusalTestCase {
    func test_loss_truncatedFile_isNamed() throws {
        let tool = try toolWithTargets()
        let whole = NPY.file("<f8", [0.5, 0.5, 0.5, 0.5])
        for length in [1, 6, 9, 11, 60, 127, 128, 159] {
            try tool.write("p.npy", whole.prefix(length))
            try assertRefused(tool, "p.npy", "t.npy", "p.npy")
        }
    }

    func test_loss_notNPY_isNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", "PK\u{3}\u{4} this is a zip file, as .npz is")
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "not an .npy file")
        try tool.write("p.npy", NPY.file("<f8", [0.5], version: 9))
        try assertRefused(tool, "p.npy", "t.npy", "format 9.0, expected 1.0, 2.0 or 3.0")
        var minor = NPY.file("<f8", [0.5, 0.5, 0.5, 0.5])
        minor[7] = 1
        try tool.write("p.npy", minor)
        try assertRefused(tool, "p.npy", "t.npy", "format 1.1, expected 1.0, 2.0 or 3.0")
        try tool.write("p.npy", NPY.file("|O", [0.5]))
        try assertRefused(tool, "p.npy", "t.npy", "element type")
        try tool.write("p.npy", NPY.file("<c16", [0.5, 0, 0.5, 0], shape: "(2,)"))
        try assertRefused(tool, "p.npy", "t.npy", "c16")
    }

    func test_loss_fortranOrder_isNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5], shape: "(2, 2)", fortran: "True"))
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "Fortran order")
    }

    func test_loss_headerThatIsNoDescription_isRefused() throws {
        let tool = try toolWithTargets()
        let data = [0.5, 0.5, 0.5, 0.5].withUnsafeBytes { Data($0) }
        for (text, word) in [
            ("junk 'descr': '<f8', 'fortran_order': False, 'shape': (4,), junk", "dictionary"),
            ("{'descr': '<f8", "dictionary"), (String(repeating: "(", count: 9000), "dictionary"),
            ("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", "dictionary"),
            // A field may have any name.
            (#"{'descr': [("'descr': '<f8'", '<f8')], 'fortran_order': False, 'shape': (4,)}"#, "fields"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (4)}", "no shape"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "0 dimensions"),
            ("{'descr': '<f8', 'shape': (4,)}", "fortran_order"),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (4,), 'mask': 1}",
                "unknown key \"mask\" in its header"
            ),
            ("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (4,)}", "<M8[ns]"),
        ] {
            try tool.write("p.npy", NPY.header(text) + data)
            try assertRefused(tool, "p.npy", "t.npy", "p.npy", word)
        }
    }

    func test_loss_booleansOtherThan0And1_areNamed() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", NPY.file("<f8", [0.5, 0.5, 0.5, 0.5]))
        try tool.write("b.npy", NPY.file("|b1", [0, 1, 7, 1] as [UInt8]))
        for (arguments, name) in [
            (["b.npy"], "targets"), (["t.npy", "--mask", "b.npy"], "mask"),
            (["t.npy", "--weights", "b.npy"], "weights"),
        ] {
            let result = try tool.run(["loss", "p.npy"] + arguments)
            XCTAssertEqual(result.status, 1)
            XCTAssertEqual(
                result.error,
                "Error: \(name)[2] is the byte 7, expected 0 or 1, as b.npy is of type b1\n")
        }
    }

    func test_loss_hugeHeader_isRefused() throws {
        let tool = try toolWithTargets()
        try tool.write("p.npy", Data([0x93] + Array("NUMPY".utf8) + [2, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3]))
        try assertRefused(tool, "p.npy", "t.npy", "p.npy", "2147483647")
    }

    func test_loss_shapeOverflow_isRefused() throws {
        let tool = try toolWithTargets()
        for shape in [
            "(4611686018427387904, 4)", "(99999999999999999999,)", "(2305843009213693952,)",
            "(9223372036854775807,)",
        ] {
            try tool.write("p.npy", NPY.file("<f8", [0.5], shape: shape))
            try assertRefused(tool, "p.npy", "t.npy", "p.npy", "overflow")
        }
        try tool.write("p.npy", NPY.file("<f8", [0.5], shape: "(1, 1, 1)"))
        try assertRefused(tool, "p.npy", "t.npy", "3 dimensions")
        try tool.write("p.npy", NPY.file("<f8", [0.5], shape: "(-1,)"))
        try assertRefused(tool, "p.npy", "t.npy", "shape")
    }
}
