import ArgumentParser
import CKernels
import Glibc

/// `hpbench units`: how far the kernels' exp, log and tanh are from double precision.
struct UnitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "units",
        abstract: "Errors of exp, log and tanh in units of the last place, over many floats.")

    @Option(help: "Every so manieth of all floats, beside the ranges that are taken whole.")
    var stride = 13

    func validate() throws {
        guard stride >= 1 else { throw ValidationError("--stride is at least 1") }
    }

    func run() throws {
        print("function      inputs  largest error  at               stated bound")
        var isWithin = true
        for function in MeasuredFunction.all {
            let worst = function.worst(stride: UInt32(stride))
            isWithin = isWithin && worst.units <= function.bound
            print(function.line(worst))
        }
        if !isWithin { throw ExitCode(1) }
    }
}

/// One function, its exact value, and where it is measured at every float.
private struct MeasuredFunction: Sendable {
    var name: String
    /// Units of the last place that `ckernels.h` states.
    var bound: Double
    var function: @Sendable (Float) -> Float
    /// In double precision, whose own error is below 10⁻⁸ of a unit.
    var exact: @Sendable (Double) -> Double
    /// Whole binades; denormals of both signs are always taken whole.
    var dense: [Range<Float>]

    static let all = [
        MeasuredFunction(
            name: "exp", bound: 1, function: { hpk_expf($0) }, exact: { Glibc.exp($0) },
            dense: [0.5..<2, 64..<128]),
        MeasuredFunction(
            name: "log", bound: 1, function: { hpk_logf($0) }, exact: { Glibc.log($0) },
            dense: [0.5..<2]),
        MeasuredFunction(
            name: "tanh", bound: 1.5, function: { hpk_tanhf($0) }, exact: { Glibc.tanh($0) },
            dense: [0.25..<4]),
    ]

    struct Worst {
        var inputs = 0
        var units = 0.0
        var at: Float = 0
    }

    func worst(stride: UInt32) -> Worst {
        var worst = Worst()
        for sign: UInt32 in [0, 1 << 31] {
            measure(
                from: sign, to: sign | Float.infinity.bitPattern, stride: stride, &worst)
            measure(
                from: sign, to: sign | Float.leastNormalMagnitude.bitPattern, stride: 1, &worst)
            for range in dense {
                measure(
                    from: sign | range.lowerBound.bitPattern,
                    to: sign | range.upperBound.bitPattern, stride: 1, &worst)
            }
        }
        for special in [-Float.infinity, .infinity, .nan] {
            take(special, &worst)
        }
        return worst
    }

    private func measure(from: UInt32, to: UInt32, stride: UInt32, _ worst: inout Worst) {
        var bits = from
        while bits < to {
            take(Float(bitPattern: bits), &worst)
            bits += stride
        }
    }

    private func take(_ x: Float, _ worst: inout Worst) {
        worst.inputs += 1
        let units = Self.units(function(x), exact(Double(x)))
        if units > worst.units {
            worst.units = units
            worst.at = x
        }
    }

    /// The error in units of the last place of the exact value rounded to single precision.
    private static func units(_ value: Float, _ exact: Double) -> Double {
        let rounded = Float(exact)
        if rounded.isNaN || value.isNaN { return rounded.isNaN == value.isNaN ? 0 : .infinity }
        if rounded.isInfinite || value.isInfinite { return rounded == value ? 0 : .infinity }
        return (Double(value) - exact).magnitude / Double(rounded.ulp)
    }

    func line(_ worst: Worst) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let at = "\(worst.at)"
        return name + padded("\(worst.inputs)", 20 - name.count)
            + padded("\((worst.units * 1e6).rounded() / 1e6)", 15) + "  " + at
            + padded("\(bound)", max(1, 29 - at.count))
    }
}
