// SPDX-License-Identifier: Apache-2.0

import Foundation
import XCTest

/// The built tool, run as a user would run it, in a folder of its own.
final class Tool {
    struct Result {
        let status: Int32
        let output: String
        let error: String
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("bce-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The tool is in the same folder as the test bundle.
    static let executable: URL = {
        #if os(macOS)
            Bundle(for: Tool.self).bundleURL.deletingLastPathComponent().appendingPathComponent("bce")
        #else
            Bundle.main.executableURL!.resolvingSymlinksInPath().deletingLastPathComponent()
                .appendingPathComponent("bce")
        #endif
    }()

    func run(_ arguments: String...) throws -> Result { try run(arguments) }

    func run(_ arguments: [String]) throws -> Result { try run(Self.executable, arguments) }

    /// Runs a shell script in which $BCE is the tool, to test what a shell can do with descriptors, limits and bytes.
    func shell(_ script: String) throws -> Result {
        try run(
            URL(fileURLWithPath: "/bin/sh"), ["-c", "BCE=$1\n" + script, "sh", Self.executable.path])
    }

    /// The environment of this process, without a choice of OpenBLAS kernels, which could cause the tool to print a
    /// note.
    static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { $0.key != "OPENBLAS_CORETYPE" }
    }

    private func run(_ program: URL, _ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = Self.environment
        process.currentDirectoryURL = folder
        let (output, error) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, error)
        try process.run()
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let errorData = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .exit, "the tool crashed: \(arguments)")
        return Result(
            status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
            error: String(decoding: errorData, as: UTF8.self))
    }

    func write(_ name: String, _ data: Data) throws {
        try data.write(to: folder.appendingPathComponent(name))
    }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// The names and contents of all files in the folder. A failing command must not add, lose or change any.
    func contents() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                let kind = try FileManager.default.attributesOfItem(atPath: path(name))[.type]
                return (name, kind as? FileAttributeType == .typeRegular ? try read(name) : Data())
            })
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

    /// The loss that the tool prints for `arguments`.
    func loss(_ arguments: String..., file: StaticString = #filePath, line: UInt = #line) throws -> Double {
        try loss(arguments, file: file, line: line)
    }

    func loss(_ arguments: [String], file: StaticString = #filePath, line: UInt = #line) throws -> Double {
        let result = try run(["loss"] + arguments)
        XCTAssertEqual(result.status, 0, result.error, file: file, line: line)
        return Double(result.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .signalingNaN
    }

    /// What the tool prints for `arguments` and `--json`.
    func json(_ arguments: String..., file: StaticString = #filePath, line: UInt = #line) throws -> [String:
        Any]
    {
        let result = try run(["loss"] + arguments + ["--json"])
        XCTAssertEqual(result.status, 0, result.error, file: file, line: line)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try XCTUnwrap(object as? [String: Any], file: file, line: line)
    }

    /// The last `count` elements of an .npy file.
    func elements<T: BitwiseCopyable>(of name: String, _: T.Type, count: Int) throws -> [T] {
        let data = try read(name).suffix(count * MemoryLayout<T>.stride)
        return data.withUnsafeBytes { bytes in
            (0..<count).map {
                bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.stride, as: T.self)
            }
        }
    }
}

/// Builds valid and invalid .npy files by hand.
enum NPY {
    static func file<T>(
        _ type: String, _ elements: [T], shape: String? = nil, fortran: String = "False", version: UInt8 = 1
    ) -> Data {
        let data = elements.withUnsafeBytes { Data($0) }
        let tuple = shape ?? "(\(elements.count),)"
        return header("{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(tuple), }", version)
            + data
    }

    static func header(_ text: String, _ version: UInt8 = 1) -> Data {
        let text =
            text + String(repeating: " ", count: 63 - (text.utf8.count + (version == 1 ? 10 : 12)) % 64)
            + "\n"
        let length = text.utf8.count
        var bytes: [UInt8] =
            [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(length & 255), UInt8(length >> 8)]
        if version > 1 { bytes += [0, 0] }
        return Data(bytes + Array(text.utf8))
    }
}
