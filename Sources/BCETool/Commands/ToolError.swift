// SPDX-License-Identifier: Apache-2.0

/// Something that the tool cannot do, described in one sentence that names the file or the argument.
struct ToolError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
