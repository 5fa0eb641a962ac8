import Execution
import Expressions
import ScoreMatching

extension Step {
  /// What a program reports of this step.
  var programOutputs: [(name: String, value: Tensor)] { outputs.map { ($0.name, $0.value) } }

  /// What a program assigns in this step.
  var programAssignments: [Execution.Assignment] {
    assignments.map { assignment in
      guard let state = states.first(where: { $0.name == assignment.state }) else {
        preconditionFailure("step: no state \(assignment.state)")
      }
      return Execution.Assignment(state.tensor, to: assignment.value)
    }
  }
}

extension Program {
  /// The program of one step.
  init(_ step: Step, rowCount: Int) {
    self.init(
      outputs: step.programOutputs, assignments: step.programAssignments, rowCount: rowCount)
  }
}
