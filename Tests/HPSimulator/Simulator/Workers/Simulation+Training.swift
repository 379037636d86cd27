import HPCluster
import HPSearch

/// What the slots of workers do: they train, which takes time and may end badly.
extension Simulation {
    /// Results of shorter training are gathered for this long before they are sent.
    private static let gatherSeconds = 0.2

    func order(_ orders: [WorkerSession.Order], at index: Int) {
        workers[index].process?.orders += orders
        schedule(.slotsBegin(index, life: workers[index].life), after: 0.001)
    }

    /// Free slots take orders, in the order in which they came.
    func beginBundles(_ index: Int, _ life: Int) {
        guard workers[index].life == life else { return }
        while let process = workers[index].process, !process.orders.isEmpty,
            process.bundles.count < workers[index].traits.slots
        {
            if process.isPaused {
                return schedule(.slotsBegin(index, life: life), after: 1)
            }
            guard let order = workers[index].process?.orders.removeFirst() else { return }
            begin(order, at: index)
        }
    }

    private func begin(_ order: WorkerSession.Order, at index: Int) {
        let traits = workers[index].traits
        if !order.dataDigest.isEmpty && order.dataDigest != traits.dataDigest {
            let detail = "the data here is \(traits.dataDigest)"
            return handle(
                [.declined(study: order.study, code: "data-differs", detail: detail)], at: index)
        }
        guard let study = studies.first(where: { $0.contentDigest == order.studyDigest }),
            let number = workers[index].process?.nextBundle
        else { return }
        let canceled = workers[index].process?.canceled ?? []
        let members = order.members.filter { !canceled.contains($0.lease) }.map { member in
            self.member(member, of: order, study, at: index)
        }
        workers[index].process?.nextBundle += 1
        guard !members.isEmpty else {
            workers[index].process?.canceled.subtract(order.members.map(\.lease))
            return
        }
        workers[index].process?.bundles.append(
            RunningBundle(
                number: number, order: order, members: members, gatheringSince: now))
        for (place, member) in members.enumerated() {
            tell("worker \(index)", "trains \(describe(member.lease)) for \(member.seconds) s")
            for epoch in 1...Self.epochCount {
                schedule(
                    .memberSaves(
                        index, life: workers[index].life, bundle: number, member: place,
                        epoch: epoch),
                    after: member.seconds * Double(epoch) / Double(Self.epochCount + 1))
            }
            schedule(
                .memberEnds(
                    index, life: workers[index].life, bundle: number, member: place),
                after: member.seconds)
        }
    }

    private func member(
        _ member: Assignment.Member, of order: WorkerSession.Order, _ study: SimulatedStudy,
        at index: Int
    ) -> RunningBundle.Member {
        let seconds = trainingRandom.logUniform(
            study.trainingSeconds.lowerBound, study.trainingSeconds.upperBound)
        let fate = study.fate(
            of: member.parameters, replicate: member.replicate,
            dataDigest: workers[index].traits.dataDigest)
        let hasAccident = !isHealed && trainingRandom.happens(swarm.workers.accidentChance)
        return RunningBundle.Member(
            lease: member.lease, seconds: seconds,
            outcome: hasAccident
                ? .broke(outcome: .outOfMemory, detail: "the memory was used by others")
                : outcome(of: fate, seconds, worker: index, bundleSize: order.members.count))
    }

    private func outcome(
        of fate: SimulatedStudy.Fate, _ seconds: Double, worker: Int, bundleSize: Int
    ) -> TrialReport.Outcome? {
        switch fate {
        case .kills: return nil
        case .fails: return .failed(reason: "error", detail: "the trial can't be trained")
        case .breaks(let outcome): return .broke(outcome: outcome, detail: "it always does")
        case .trains(let state, let reason, var result, let recordings):
            result.seconds = seconds / Double(bundleSize)
            result.value = result.value.map {
                saboteur.value($0, worker: worker, bundleSize: bundleSize)
            }
            if let value = result.value, let last = result.objectiveCurve.indices.last {
                result.objectiveCurve[last] = value
            }
            return .trained(
                state: state, reason: reason, detail: "", result: result,
                recordings: recordings)
        }
    }

    /// A member of a bundle has trained for as long as it takes.
    func endMember(_ index: Int, _ life: Int, _ number: Int, _ place: Int) {
        guard workers[index].life == life, let process = workers[index].process else { return }
        if process.isPaused {
            workers[index].process?.mail.append(.memberEnd(bundle: number, member: place))
            return
        }
        guard let slot = process.bundles.firstIndex(where: { $0.number == number }) else { return }
        let bundle = process.bundles[slot]
        let member = bundle.members[place]
        guard !member.hasEnded else { return }
        let isCanceled = process.canceled.contains(member.lease)
        guard let outcome = member.outcome else {
            if isCanceled { return end(place, of: slot, nil, at: index) }
            tell("worker \(index)", "is killed by trial \(member.lease.trial)")
            tally[.workerCrashes] += 1
            return endWorker(index, losesPower: false, restartSeconds: restartSeconds())
        }
        let traits = workers[index].traits
        let report = TrialReport(
            lease: member.lease, studyDigest: bundle.order.studyDigest,
            dataDigest: traits.dataDigest, engineRevision: traits.engineRevision, outcome: outcome)
        end(place, of: slot, isCanceled ? nil : report, at: index)
    }

    private func end(_ place: Int, of slot: Int, _ report: TrialReport?, at index: Int) {
        guard var bundle = workers[index].process?.bundles[slot] else { return }
        bundle.members[place].hasEnded = true
        if let report { bundle.gathered.append(report) }
        let isOver = bundle.members.allSatisfy(\.hasEnded)
        var emitted: [TrialReport] = []
        if isOver || now.seconds(since: bundle.gatheringSince) >= Self.gatherSeconds {
            emitted = bundle.gathered
            bundle.gathered = []
            bundle.gatheringSince = now
        }
        if isOver {
            workers[index].process?.bundles.remove(at: slot)
            workers[index].process?.canceled.subtract(bundle.order.members.map(\.lease))
            schedule(.slotsBegin(index, life: workers[index].life), after: 0.001)
        } else {
            workers[index].process?.bundles[slot] = bundle
            if !bundle.gathered.isEmpty {
                schedule(
                    .resultsAreDue(
                        index, life: workers[index].life, bundle: bundle.number),
                    after: Self.gatherSeconds)
            }
        }
        if !emitted.isEmpty { handle([.finished(emitted)], at: index) }
    }

    /// What ended soon after another member waits no longer.
    func emitResults(_ index: Int, _ life: Int, _ number: Int) {
        guard workers[index].life == life, let process = workers[index].process,
            let slot = process.bundles.firstIndex(where: { $0.number == number }),
            !process.bundles[slot].gathered.isEmpty
        else { return }
        if process.isPaused {
            return schedule(.resultsAreDue(index, life: life, bundle: number), after: 1)
        }
        let emitted = process.bundles[slot].gathered
        workers[index].process?.bundles[slot].gathered = []
        workers[index].process?.bundles[slot].gatheringSince = now
        handle([.finished(emitted)], at: index)
    }

    /// Training ends soon after it was canceled; its slot is free then.
    func cancel(_ leases: [Lease], at index: Int) {
        guard !leases.isEmpty else { return }
        workers[index].process?.canceled.formUnion(leases)
        for bundle in workers[index].process?.bundles ?? [] {
            for (place, member) in bundle.members.enumerated()
            where !member.hasEnded && leases.contains(member.lease) {
                schedule(
                    .memberEnds(
                        index, life: workers[index].life, bundle: bundle.number, member: place),
                    after: 0.01)
            }
        }
    }
}
