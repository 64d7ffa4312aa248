// Runs all samples at once; says which of them failed.
let failures = await withTaskGroup(of: String?.self) { group in
  for sample in samples {
    group.addTask {
      do {
        try await sample.run()
        return nil
      } catch {
        return "\(sample.name): \(error)"
      }
    }
  }
  var failures: [String] = []
  for await failure in group { if let failure { failures.append(failure) } }
  return failures
}
for failure in failures { print(failure) }
if !failures.isEmpty { fatalError("\(failures.count) of \(samples.count) samples failed") }
