import Foundation
import HPCluster
import HPTerminal

/// A document that is asked for, and where it goes.
struct DocumentRequest: Sendable {
    enum Destination: Sendable {
        case standardOutput
        case file(String)
        /// Each figure becomes a file; the folder is made where it is missing.
        case figureFolder(String)
    }

    var query: ClientRequest.Query
    var destination: Destination

    /// A document, and what goes with it: a page with figures, and each figure by itself.
    static func all(
        _ query: ClientRequest.Query, output: String?, html: String?, figures: String?
    ) -> [DocumentRequest] {
        var page = query
        page.format = "html"
        var pictures = query
        pictures.format = "figures"
        let more = [
            html.map { DocumentRequest(query: page, destination: .file($0)) },
            figures.map { DocumentRequest(query: pictures, destination: .figureFolder($0)) },
        ]
        let document = DocumentRequest(
            query: query, destination: output.map(Destination.file) ?? .standardOutput)
        return more.compactMap(\.self) + [document]
    }

    /// Looks whether the document can be written, before there is one.
    ///
    /// - Throws: `TerminalError.unusable`.
    func checkDestination() throws(TerminalError) {
        switch destination {
        case .standardOutput: break
        case .file(let path): try OutputFile(path: path).check()
        case .figureFolder(let path): try OutputFolder(path: path).check()
        }
    }

    /// Asks for the document and writes it.
    func fulfill(from connection: ConnectionOptions) throws {
        var client = try CoordinatorClient(connection)
        try deliver(try client.ask(.query(query), patienceSeconds: 30).document)
    }

    /// Writes the document that came.
    func deliver(_ document: String) throws {
        switch destination {
        case .standardOutput: try Output.write(document)
        case .file(let path): try Output.save(Data(document.utf8), to: path)
        case .figureFolder(let path): try FigureFolder(path: path).write(document)
        }
    }
}

/// A folder of figures.
private struct FigureFolder {
    let path: String

    private struct Received: Decodable {
        struct Figure: Decodable {
            var name: String
            var svg: String
        }

        var figures: [Figure]
    }

    func write(_ document: String) throws {
        let received = try JSONDecoder().decode(Received.self, from: Data(document.utf8))
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw TerminalError.unusable(path: path, reason: error.localizedDescription)
        }
        for figure in received.figures {
            let name = figure.name.filter {
                $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-"
            }
            try Output.save(Data(figure.svg.utf8), to: "\(path)/\(name).svg")
        }
    }
}
