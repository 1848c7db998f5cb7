// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A command-line program, from its arguments to its exit status. ArgumentParser's own `main` repairs arguments that
/// are not valid UTF-8, and does not check whether its output is delivered.
package enum Program {
    package static func run(_ command: any ParsableCommand.Type) -> Never {
        StandardDescriptors.reserve()
        Signals.prepare()
        limitColumns()
        do {
            let arguments = CommandLine.textArguments
            try refuseLongOptions(arguments)
            var command = try command.parseAsRoot(arguments)
            try command.run()
            try StandardOutput.close()
        } catch {
            end(by: error, of: command)
        }
        end(status: EXIT_SUCCESS)
    }

    /// ArgumentParser treats a request for help as an error with a successful exit status.
    private static func end(by error: any Error, of command: any ParsableCommand.Type) -> Never {
        let status = command.exitCode(for: error)
        do {
            if error is BrokenPipe { throw error }
            let text = command.fullMessage(for: error)
            guard status.isSuccess else {
                Message.write(text)
                end(status: status.rawValue)
            }
            try StandardOutput.print(text)
            try StandardOutput.close()
        } catch is BrokenPipe {
            TemporaryFiles.removeAll()
            Signals.die(of: SIGPIPE)
        } catch {
            Message.write(command.fullMessage(for: error))
            end(status: EXIT_FAILURE)
        }
        end(status: EXIT_SUCCESS)
    }

    /// Nothing is left to be flushed, and what libraries do at `exit` may wait for threads that never started, as
    /// OpenBLAS does if memory is limited.
    private static func end(status: Int32) -> Never {
        TemporaryFiles.removeAll()
        _exit(status)
    }

    /// ArgumentParser searches for the option that was probably meant, which takes seconds for one of 100,000 letters.
    private static func refuseLongOptions(_ arguments: [String]) throws {
        let options = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
        let names = options.map { $0.unicodeScalars.prefix { $0 != "=" } }
        if let name = names.first(where: { $0.count > 100 }) {
            throw ValidationError("Unknown option '\(String(name).excerpt)'")
        }
    }

    /// ArgumentParser traps if there is no room for its help text beside the indentation.
    private static func limitColumns() {
        var size = winsize()
        let terminal = unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
        let wanted = unsafe getenv("COLUMNS").flatMap { unsafe Int(String(cString: $0)) } ?? terminal
        unsafe setenv("COLUMNS", "\(wanted <= 0 ? 80 : min(max(wanted, 60), 1_000))", 1)
    }
}
