import Foundation
import HPSearch
import Testing

@testable import HPReport

@Suite struct DiagnosticsFigureTests {
    private static func page(_ recordings: TrialRecordings, of number: Int = 6) throws -> String {
        try #require(
            TrialPage(trial: number, of: Fixtures.runningStudy, recordings: recordings)
        ).text
    }

    private static let full = TrialRecordings(
        curve: Fixtures.curve(),
        diagnostics: Fixtures.diagnostics(dead: 0.5, firstLayer: Fixtures.images()))

    private static func ids(_ page: String) -> [String] {
        page.components(separatedBy: "<figure id=\"").dropFirst().map {
            String($0.prefix { $0 != "\"" })
        }
    }

    @Test func `a trial's page has every figure in its order`() throws {
        let page = try Self.page(Self.full)
        #expect(
            Self.ids(page) == [
                "curves", "loss", "loss-log", "activations-6", "gradients-6", "updates-6",
                "saturated-6", "dead-6", "weights-6",
            ])
        #expect(page.contains("<h1>Trial 6 of study demo</h1>"))
        #expect(page.contains("Layers at epoch 5"))
        #expect(page.contains("all the same"))
        for word in ["http:", "https:", "<script", "<link", "<img", "@import", "url(", "src="] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test func `nobody looked inside: there are curves alone, or nothing`() throws {
        let curves = try Self.page(TrialRecordings(curve: Fixtures.curve()))
        #expect(Self.ids(curves) == ["curves", "loss", "loss-log"])
        #expect(Self.ids(try Self.page(TrialRecordings(), of: 4)) == [])
        #expect(
            TrialPage(trial: 99, of: Fixtures.runningStudy, recordings: TrialRecordings()) == nil)
    }

    // MARK: - Layout

    private static let layouts: [(name: String, diagnostics: TrialDiagnostics)] = [
        ("two hidden", full.diagnostics ?? Fixtures.diagnostics()),
        ("one hidden", Fixtures.diagnostics(hidden: 1)),
        ("no hidden", Fixtures.diagnostics(hidden: 0, saturated: nil)),
        ("ten hidden", Fixtures.diagnostics(hidden: 10, dead: 0.2)),
        ("forty hidden", Fixtures.diagnostics(hidden: 40)),
        ("one epoch", Fixtures.diagnostics(epochs: 1)),
        ("before training alone", Fixtures.diagnostics(epochs: 0)),
        ("hundred epochs", Fixtures.diagnostics(epochs: 100)),
        ("no numbers", Self.withoutNumbers),
        ("nothing", TrialDiagnostics(epochs: [])),
    ]

    /// As after divergence.
    private static var withoutNumbers: TrialDiagnostics {
        var diagnostics = Fixtures.diagnostics()
        for epoch in diagnostics.epochs.indices.dropFirst() {
            diagnostics.epochs[epoch].dataLoss = .nan
            diagnostics.epochs[epoch].regularizationLoss = .infinity
            for layer in diagnostics.epochs[epoch].layers.indices {
                diagnostics.epochs[epoch].layers[layer].activation = NumberDistribution(
                    mean: .nan, standardDeviation: .nan)
                diagnostics.epochs[epoch].layers[layer].gradient = NumberDistribution(
                    mean: -.infinity, standardDeviation: .infinity)
                diagnostics.epochs[epoch].layers[layer].weightUpdateRatio = .nan
            }
        }
        return diagnostics
    }

    @Test(arguments: layouts.indices)
    func `no label lies on another or is cut off`(index: Int) throws {
        let (name, diagnostics) = Self.layouts[index]
        let recordings = TrialRecordings(curve: Fixtures.curve(), diagnostics: diagnostics)
        let figures = try FigureChecker.figures(of: Self.page(recordings))
        #expect(figures.count >= 6)
        for figure in figures {
            #expect(figure.problems == [], "\(name)")
            #expect(figure.elementCounts["desc"] == 1)
        }
    }

    @Test func `a page of the largest recordings is small`() throws {
        let diagnostics = Fixtures.diagnostics(
            hidden: 40, epochs: 100,
            firstLayer: Fixtures.images(count: 25, side: 32, channels: 3))
        let page = try Self.page(
            TrialRecordings(curve: Fixtures.curve(epochs: 100), diagnostics: diagnostics))
        #expect(page.utf8.count < 1_000_000)
    }

    // MARK: - What they show

    @Test func `a layer of each look has a histogram, and an empty one none`() throws {
        let page = try Self.page(Self.full)
        let figure = try #require(page.components(separatedBy: "id=\"activations-6\"").last)
            .components(separatedBy: "</figure>")[0]
        // Three looks, three layers, two layouts.
        #expect(figure.components(separatedBy: "class=\"range s").count == 1 + 18)
        #expect(figure.contains("before training (-2 to 3; output -0.5 to 0.75)"))
        let broken = try Self.page(
            TrialRecordings(curve: [], diagnostics: Self.withoutNumbers))
        #expect(broken.contains("id=\"activations-6\""))
        #expect(!broken.contains("nan to"))
    }

    @Test func `the band of usual updates is always to be seen`() throws {
        let page = try Self.page(Self.full)
        #expect(page.components(separatedBy: "class=\"band\"").count == 3)
        #expect(page.components(separatedBy: "class=\"usual\"").count == 3)
    }

    @Test func `the reader switches between the scales of the loss`() throws {
        let page = try Self.page(Self.full)
        #expect(page.contains("id=\"loss-is-linear\" class=\"linear\" checked=\"checked\">"))
        #expect(page.contains("loss (nats, log scale)"))
        #expect(page.contains(">regularization<"))
    }

    @Test func `a trial's flags are advice`() throws {
        var study = Fixtures.runningStudy
        study.trials[5].result?.flags = [.overfit]
        let page = try #require(
            TrialPage(trial: 6, of: study, recordings: TrialRecordings())
        ).text
        #expect(page.contains("raise reg: training accuracy is far above validation accuracy."))
        #expect(!page.contains("Nothing about its training stands out"))
    }

    // MARK: - The report

    @Test func `a report shows the inside of its three best trials`() throws {
        let recorded = [6, 7, 5, 2, 1].map { RecordedTrial(trial: $0, recordings: Self.full) }
        let input = ReportInput(study: Fixtures.runningStudy, recorded: recorded)
        let page = Report.render(input, format: .html)
        #expect(page.components(separatedBy: "<details").count == 4)
        #expect(page.components(separatedBy: "<details open").count == 2)
        #expect(Self.ids(page).filter { $0.hasPrefix("activations") }.count == 3)
        #expect(Set(Self.ids(page)).count == Self.ids(page).count)
        for figure in try FigureChecker.figures(of: page) { #expect(figure.problems == []) }
    }

    @Test func `legends count the trials of each flag`() {
        var study = Fixtures.runningStudy
        study.trials[0].result?.flags = [.learningRateLow]
        study.trials[1].result?.flags = [.learningRateLow, .updateLow]
        let input = ReportInput(study: study)
        let table = Report.render(input, format: .table)
        #expect(table.contains("\nlr-low: 2 trials: raise learning_rate: the loss barely changed"))
        #expect(table.contains("\nupdate-low: 1 trial: raise learning_rate: "))
        #expect(Report.render(input, format: .html).contains("2 trials: raise learning_rate"))
    }

    @Test func `a row says what to do about a loss that grew before it says that it grew`() {
        var study = Fixtures.runningStudy
        study.trials[2].state = .diverged
        study.trials[2].reason = "loss-factor"
        study.trials[2].result?.flags = [.learningRateHigh]
        let table = Report.render(ReportInput(study: study), format: .table)
        let row = table.split(separator: "\n").first { $0.contains("DIVERGED") }
        #expect(row?.contains("lr-high +1") == true)
    }

    @Test(arguments: [(1, 1), (4, 4), (10, 5), (13, 7), (16, 4), (25, 5), (50, 5), (64, 8)])
    func `tiles fill their rows`(tiles: Int, columns: Int) {
        #expect(WeightsFigure.columnCount(of: tiles) == columns)
    }

    // MARK: - Files

    private struct Figures: Decodable {
        struct Figure: Decodable {
            var name: String
            var svg: String
        }

        var schema: String
        var figures: [Figure]
    }

    @Test func `every figure is a file that stands alone`() throws {
        let trial = try #require(
            TrialPage(trial: 6, of: Fixtures.runningStudy, recordings: Self.full))
        let input = ReportInput(
            study: Fixtures.runningStudy,
            recorded: [RecordedTrial(trial: 6, recordings: Self.full)])
        for (text, count) in [
            (trial.figuresText, 9), (Report.render(input, format: .figures), 12),
        ] {
            let document = try JSONDecoder().decode(Figures.self, from: Data(text.utf8))
            #expect(document.schema == "hpcoord.figures/1")
            #expect(document.figures.count == count)
            for figure in document.figures {
                #expect(figure.svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
                #expect(figure.svg.contains("<style>"))
                #expect(try FigureChecker(figure.svg).problems == [], "\(figure.name)")
            }
        }
    }
}
