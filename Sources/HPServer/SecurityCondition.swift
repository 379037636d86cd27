import HPKeys

/// How safe a coordinator is, in sentences.
struct SecurityCondition: Sendable {
    let text: String
    /// What is wrong; nil when all is well.
    let problem: String?

    init(_ encryption: Encryption?, _ selfTest: SelfTestReport?) {
        guard let encryption else {
            text = "no encryption: only processes of this machine can connect"
            problem = nil
            return
        }
        let test = selfTest.map { "self-test of \($0.at) passed, \($0.checks.count) checks" }
        text = """
            encrypted with CURVE, key \(encryption.pair.publicKey.fingerprint), \
            keys that are let in: \(encryption.list.count), \(test ?? "the self-test is under way")
            """
        problem = encryption.list.problem.map {
            "\($0); the keys that were read before stay in force"
        }
    }
}
