// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The seed inputs of the fuzzer of file readers: one small file of each kind, preceded by the byte that selects its
/// role.
enum Seeds {
    static func write(to folder: String) throws {
        for (index, seed) in (npyFiles + csvFiles).enumerated() {
            try Data(seed).write(to: URL(fileURLWithPath: "\(folder)/\(index)"))
        }
    }

    private static var npyFiles: [[UInt8]] {
        let types = [
            "<f2", "<f4", ">f4", "<f8", "|b1", "|u1", "<u2", ">u4", "<u8", "|i1", "<i2", "<i4", "<i8",
        ]
        return types.enumerated().flatMap { index, type -> [[UInt8]] in
            let size = Int(String(type.last!))!
            let elements = [UInt8](repeating: 0, count: 5 * size) + [UInt8](repeating: 1, count: size)
            return ["(6,)", "(2, 3)"].map { shape in
                [UInt8(index % 5)] + npy(type, shape, version: 1) + elements
            }
        } + [
            [1] + npy("<f4", "()", version: 2) + [0, 0, 0, 0],
            [0] + npy("<f4", "(1,)", version: 3) + [0, 0, 0, 63],
        ]
    }

    private static func npy(_ type: String, _ shape: String, version: UInt8) -> [UInt8] {
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
        let length = UInt32(header.utf8.count)
        let bytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + bytes + Array(header.utf8)
    }

    private static var csvFiles: [[UInt8]] {
        let texts = [
            "p,t\n0.25,1\n0.5,0\n", "0.25\n0.5\n", "\u{FEFF}\"a\",\"b\"\"c\"\r\n1e-3,-1\r\n,nan\r\n",
            "t\n1\n0\n\n1\n",
            "x,y\n1,2,3\n", "a\n1e999\n-inf\n0x1p3\n",
        ]
        // Read in roles from predictions to mask, with and without a header and empty cells, and by the second column.
        return texts.flatMap { text in
            [0x10, 0x31, 0x32, 0x74, 0xB1, 0xF1].map { [UInt8($0)] + Array(text.utf8) }
        }
    }
}
