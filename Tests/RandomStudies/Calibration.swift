/// Whether narrowing keeps its promise: chance alone moves anything in at most 1 of 100 studies.
package struct Calibration: Sendable {
    package static let promise = 1.0 / 100
    /// Continuous parameters without ties may not be held back more than this, from 20 rows on.
    package static let least = 1.0 / 1000
    package static let rows = [4, 5, 6, 8, 10, 12, 15, 20, 30, 60, 100, 200]

    package let studies: NullStudies
    package let count: Int
    package let movedCount: Int

    /// Runs so many studies of a kind.
    package init(_ studies: NullStudies, count: Int) {
        self.studies = studies
        self.count = count
        movedCount = (1...count).count { studies.moves($0) }
    }

    package var share: Double { Double(movedCount) / Double(count) }

    /// Whether the share is above the promise by more than three of its standard errors.
    package var isTooHigh: Bool { share > Self.promise + 3 * error(Self.promise) }

    /// Whether the share is below a tenth of the promise by more than three of its standard
    /// errors, where it should not be.
    package var isTooLow: Bool {
        studies.kind == .continuous && !studies.hasTies && studies.rows >= 20
            && share < Self.least - 3 * error(Self.least)
    }

    private func error(_ share: Double) -> Double {
        (share * (1 - share) / Double(count)).squareRoot()
    }

    // MARK: - Settings

    /// One kind after the other: of rows, of parameters, of what is known.
    package static func settings(isLong: Bool) -> [NullStudies] {
        let rows = isLong ? Self.rows : [6, 12, 30]
        return rows.flatMap { rows in
            [1, 2, 3, 6].flatMap { count in
                settings(NullStudies(rows: rows, parameterCount: count), isLong: isLong)
            }
        }
    }

    private static func settings(_ plain: NullStudies, isLong: Bool) -> [NullStudies] {
        var settings = [plain]
        func add(_ change: (inout NullStudies) -> Void) {
            var other = plain
            change(&other)
            settings.append(other)
        }
        for errors in NullStudies.Errors.allCases where errors != .unknown {
            add { $0.errors = errors }
        }
        add { $0.hasTies = true }
        add { $0.kind = .discrete }
        for divergence in NullStudies.Divergence.allCases where divergence != .none {
            add { $0.divergence = divergence }
            guard isLong else { continue }
            add {
                $0.divergence = divergence
                $0.kind = .discrete
                $0.errors = .small
            }
        }
        guard isLong else { return settings }
        add {
            $0.kind = .discrete
            $0.hasTies = true
            $0.errors = .equal
        }
        add { $0.stageCount = 4 }
        return settings
    }
}
