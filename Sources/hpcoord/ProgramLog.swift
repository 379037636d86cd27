import Logging

/// The program's log: on standard error, like everything that was not asked for.
enum ProgramLog {
    static func make(level: Logger.Level) -> Logger {
        var logger = Logger(label: "hpcoord") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
