import Foundation
import XCTest

/// What is no .npy file, or not one that the tool reads, is named and refused.
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
        try assertRefused(tool, "p.npy", "t.npy", "format 9")
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
            // A field may be named like anything.
            (#"{'descr': [("'descr': '<f8'", '<f8')], 'fortran_order': False, 'shape': (4,)}"#, "fields"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (4)}", "no shape"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "0 dimensions"),
            ("{'descr': '<f8', 'shape': (4,)}", "fortran_order"),
            ("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (4,)}", "<M8[ns]"),
        ] {
            try tool.write("p.npy", NPY.header(text) + data)
            try assertRefused(tool, "p.npy", "t.npy", "p.npy", word)
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
