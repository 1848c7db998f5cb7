// SwiftPM needs a source file for a target whose header declares what the compiler brings.
