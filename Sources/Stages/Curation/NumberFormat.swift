import Foundation

/// A number for people to read: whole numbers in full, others with four significant digits.
func formatted(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(format: "%.0f", number) }
    return String(format: "%.4g", number)
}
