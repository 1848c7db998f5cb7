import ArgumentParser
import Foundation

/// A command-line program, from its arguments to its exit status. ArgumentParser's `main` repairs arguments that are not
/// UTF-8 and does not see whether what it prints arrives.
package enum Program {
    package static func run(_ command: any ParsableCommand.Type) -> Never {
        StandardDescriptors.reserve()
        Signals.prepare()
        do {
            var command = try command.parseAsRoot(CommandLine.textArguments)
            try command.run()
            try StandardOutput.close()
        } catch {
            end(by: error, of: command)
        }
        end(status: EXIT_SUCCESS)
    }

    /// Help that was asked for is an error to ArgumentParser, with the status of success.
    private static func end(by error: any Error, of command: any ParsableCommand.Type) -> Never {
        let status = command.exitCode(for: error)
        do {
            if error is BrokenPipe { throw error }
            let text = command.fullMessage(for: error, columns: Self.columns)
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

    /// Nothing is left to be flushed, and what libraries do at `exit` may wait for threads that never started:
    /// OpenBLAS's do where memory is limited.
    private static func end(status: Int32) -> Never {
        TemporaryFiles.removeAll()
        _exit(status)
    }

    /// The width of help texts. ArgumentParser traps where there is no room beside its indentation.
    private static var columns: Int {
        var size = winsize()
        let terminal = unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
        return terminal == 0 ? 80 : max(terminal, 60)
    }
}
