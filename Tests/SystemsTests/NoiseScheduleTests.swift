import Foundation
import Geometry
import Systems
import Testing

extension AllTests {
    @Suite struct NoiseScheduleTests {
        private func expectClose(_ a: Double, _ b: Double, within tolerance: Double = 1e-12) {
            #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(a), not \(b)")
        }

        /// ᾱ of steps 0, 1, 499, 998 and 999 by diffusers 0.42.1.
        @Test func valuesAreThoseOfDiffusers() {
            let places = [0, 1, 499, 998, 999]
            let schedules: [(NoiseSchedule, [Double])] = [
                (
                    .linear(),
                    [
                        0.9999, 0.9997800920720721, 0.07858724288177824, 4.118193638138444e-05,
                        4.0358297653756754e-05,
                    ]
                ),
                (
                    .scaledLinear(),
                    [
                        0.99915, 0.9982960278384514, 0.27766965045646763, 0.004716698899875748,
                        0.004660098513077238,
                    ]
                ),
                // Its cosine is computed in float32.
                (
                    .cosine(),
                    [
                        0.9999587157763017, 0.999912575930001, 0.4938435910065186,
                        2.428766782682418e-06, 2.428735513273652e-09,
                    ]
                ),
                (
                    .scaledLinear().withZeroTerminalSNR(),
                    [
                        0.99915, 0.9982334461401823, 0.24235916655614523, 1.967888056621292e-07, 0,
                    ]
                ),
            ]
            for (schedule, values) in schedules {
                #expect(schedule.count == 1000)
                for (place, value) in zip(places, values) {
                    let tolerance = schedule == .cosine() ? 1e-5 : 1e-12
                    expectClose(schedule.alphasCumprod[place], value, within: tolerance)
                }
            }
        }

        @Test func cosineFollowsItsFormula() {
            let schedule = NoiseSchedule.cosine(count: 50)
            func f(_ t: Double) -> Double {
                pow(cos((t / 50 + 0.008) / 1.008 * Double.pi / 2), 2)
            }
            // Up to the last step, whose variance is limited to 0.999.
            for step in 0..<49 {
                expectClose(schedule.alphasCumprod[step], f(Double(step + 1)) / f(0))
            }
            expectClose(schedule.betas[49], 0.999)
        }

        @Test func zeroTerminalSNRLeavesNothingAndTheFirstStep() {
            for schedule in [NoiseSchedule.linear(), .scaledLinear(), .cosine(count: 100)] {
                let changed = schedule.withZeroTerminalSNR()
                #expect(changed.alphasCumprod.last == 0)
                #expect(changed.alphasCumprod.first == schedule.alphasCumprod.first)
                #expect(zip(changed.alphasCumprod, changed.alphasCumprod.dropFirst()).allSatisfy(>))
                // √ᾱ is shifted and scaled: differences keep their ratios.
                let (old, new) = (
                    schedule.alphasCumprod.map { $0.squareRoot() },
                    changed.alphasCumprod.map { $0.squareRoot() }
                )
                let scale = (new[0] - new[50]) / (old[0] - old[50])
                expectClose(new[20] - new[60], scale * (old[20] - old[60]), within: 1e-9)
            }
        }

        @Test func stepsAreSpacedAsDiffusersDoes() {
            let schedule = NoiseSchedule.scaledLinear()
            let trailing = DiscretePath(schedule).steps(count: 7)
            #expect(trailing == [999, 856, 713, 570, 428, 285, 142])
            let leading = DiscretePath(schedule, spacing: .leading).steps(count: 7)
            #expect(leading == [852, 710, 568, 426, 284, 142, 0])
            let linspace = DiscretePath(schedule, spacing: .linspace).steps(count: 7)
            #expect(linspace == [999, 832, 666, 500, 333, 166, 0])
        }

        @Test func timesAndLevelsAreInverse() {
            let paths: [any NoisePath] = [
                DiscretePath(.linear()), DiscretePath(.cosine()),
                DiscretePath(NoiseSchedule.scaledLinear().withZeroTerminalSNR()), RectifiedFlow(),
            ]
            for path in paths {
                for step in 2..<99 {
                    let time = Double(step) / 100 + 0.000_37
                    let level = path.level(at: time)
                    expectClose(path.time(ofHalfLogSNR: level.halfLogSNR), time, within: 1e-8)
                }
            }
            // Whole steps are the schedule's own.
            let path = DiscretePath(.linear())
            #expect(path.level(at: 0.5).time == 499)
            expectClose(path.level(at: 0.5).alpha, path.level(ofStep: 499).alpha)
        }

        @Test func flowTimesAreLogitNormalAndShifted() {
            let flow = RectifiedFlow(times: .logitNormal(mean: -0.4, deviation: 0.8), shift: 3)
            var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
            let count = 40_000
            let logits = (0..<count).map { _ in
                let time = flow.draw(&random).sigma
                let unshifted = time / (3 - 2 * time)
                return log(unshifted / (1 - unshifted))
            }
            let mean = logits.reduce(0, +) / Double(count)
            let variance = logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
            #expect(abs(mean + 0.4) < 5 * 0.8 / Double(count).squareRoot())
            #expect(abs(variance.squareRoot() - 0.8) < 5 * 0.8 / Double(2 * count).squareRoot())
            // The middle of the flow is shifted to s/(1 + s).
            expectClose(flow.shifted(0.5), 0.75)
            let levels = flow.samplingLevels(count: 4)
            expectClose(levels[0].sigma, 1)
            expectClose(levels[2].sigma, 0.75)
            #expect(levels.last == .clean)
        }
    }
}
