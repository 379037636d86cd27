import HPCluster
import HPSearch
import HPServer
import HPWire

/// A frame that arrived at the coordinator.
struct IncomingMail {
    var frame: IncomingFrame
    /// Nil when the bytes are no message.
    var message: PeerMessage?
    var owner: SessionOwner

    /// As the network delivered it.
    var handed: HandedFrame {
        HandedFrame(message: message, authority: frame.sender.authority, owner: owner)
    }

    func saying(_ message: PeerMessage) -> IncomingMail {
        var mail = self
        mail.message = message
        mail.frame.body = WireCodec.encode(message)
        return mail
    }
}

/// A frame that the coordinator sends.
struct OutgoingMail {
    var frame: OutgoingFrame
    var message: CoordinatorMessage
    var owner: SessionOwner

    func saying(_ message: CoordinatorMessage) -> OutgoingMail {
        var mail = self
        mail.message = message
        mail.frame.body = WireCodec.encode(message)
        return mail
    }

    func addressed(to other: OutgoingMail) -> OutgoingMail {
        var mail = self
        mail.frame.session = other.frame.session
        mail.owner = other.owner
        return mail
    }
}

extension Saboteur {
    /// Frames as they leave the coordinator.
    func outgoing(_ mails: [OutgoingMail], _ ledger: Ledger) -> [OutgoingMail] {
        switch bug {
        case .acceptsAfterCancel: mails.map(accepted)
        case .answersWrongLease: mails.map(misdirected)
        case .cancelsLostTrials: mails.flatMap { canceled($0, ledger) }
        case .leasesTwice: mails.flatMap { mail in mail.isAssignment ? twice(mail) : [mail] }
        case .samplesByArrival: mails.map(resampled)
        case .mixesCheckpoints: mails.map(mixed)
        default: mails
        }
    }

    private func mixed(_ mail: OutgoingMail) -> OutgoingMail {
        guard case .checkpointPart(var part) = mail.message else { return mail }
        part.bytes.reverse()
        return mail.saying(.checkpointPart(part))
    }

    private func accepted(_ mail: OutgoingMail) -> OutgoingMail {
        guard case .verdicts(var verdicts) = mail.message,
            verdicts.contains(where: { $0.verdict == .canceled })
        else { return mail }
        for index in verdicts.indices where verdicts[index].verdict == .canceled {
            verdicts[index].verdict = .committed
        }
        return mail.saying(.verdicts(verdicts))
    }

    private func misdirected(_ mail: OutgoingMail) -> OutgoingMail {
        guard case .verdicts(var verdicts) = mail.message else { return mail }
        for index in verdicts.indices { verdicts[index].lease.trial += 1 }
        return mail.saying(.verdicts(verdicts))
    }

    /// Every lost attempt that a worker still holds is ended, as if its result weren't welcome.
    private func canceled(_ mail: OutgoingMail, _ ledger: Ledger) -> [OutgoingMail] {
        guard case .welcome = mail.message, let id = mail.owner.identity?.id else { return [mail] }
        var lost: [Lease] = []
        for (index, study) in ledger.studies.enumerated() {
            for trial in study.trials where trial.finished == nil {
                guard let last = trial.attempts.last, last.outcome == .lost, last.worker.id == id
                else { continue }
                lost.append(
                    Lease(
                        study: index + 1, trial: trial.created.number,
                        attempt: trial.attempts.count))
            }
        }
        return lost.isEmpty ? [mail] : [mail, mail.saying(.cancel(lost))]
    }

    private func twice(_ mail: OutgoingMail) -> [OutgoingMail] {
        defer { lastAssignment = mail }
        guard let last = lastAssignment, last.owner.identity != mail.owner.identity else {
            return [mail]
        }
        return [mail, mail.addressed(to: last)]
    }

    /// As if parameters were drawn when a trial is handed out.
    private func resampled(_ mail: OutgoingMail) -> OutgoingMail {
        guard case .assign(var assignment) = mail.message else { return mail }
        for index in assignment.members.indices {
            let parameters = assignment.members[index].parameters
            if lastParameters.count == parameters.count {
                assignment.members[index].parameters = lastParameters
            }
            lastParameters = parameters
        }
        return mail.saying(.assign(assignment))
    }
}

extension OutgoingMail {
    fileprivate var isAssignment: Bool {
        if case .assign = message { true } else { false }
    }
}
