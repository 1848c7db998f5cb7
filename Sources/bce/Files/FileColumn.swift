import Foundation

/// The values that an argument of the tool names: FILE.npy, FILE.csv or FILE.csv:COLUMN.
struct FileColumn {
    enum Role: String { case predictions, targets }

    let values: AnyValues
    let shape: [Int]

    var count: Int { values.count }

    init(_ argument: String, role: Role) throws {
        if argument.hasSuffix(".csv") {
            self.init(column: try CSVColumn.read(MappedFile(argument), column: nil))
        } else if let separator = argument.range(of: ".csv:", options: .backwards) {
            let path = String(argument[..<separator.lowerBound]) + ".csv"
            let column = String(argument[separator.upperBound...])
            self.init(column: try CSVColumn.read(MappedFile(path), column: column))
        } else {
            let file = try MappedFile(argument)
            let header = try NPYHeader(file)
            self.init(values: try NPYElements(file, header).values(role), shape: header.shape)
        }
    }

    private init(column: [Double]) {
        self.init(values: .double(Values(column)), shape: [column.count])
    }

    private init(values: AnyValues, shape: [Int]) {
        self.values = values
        self.shape = shape
    }
}
