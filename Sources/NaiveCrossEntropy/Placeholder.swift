public struct NaivePlaceholder {}
