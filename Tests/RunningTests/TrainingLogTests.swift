import Running
import Testing

struct TrainingLogTests {
  private func log(_ text: String) -> TrainingLog {
    var log = TrainingLog()
    log.update(text, hasEnded: true)
    return log
  }

  @Test func `tqdm’s bars with the loss in them`() {
    let log = log(
      """
      flux_train_replicate:   0%|          | 0/1000 [00:00<?, ?it/s]\r\
      flux_train_replicate:  12%|█▏        | 120/1000 [01:23<10:12,  1.44it/s, lr: 4.0e-04 \
      loss: 3.123e-01]\r\
      flux_train_replicate:  12%|█▏        | 121/1000 [01:24<10:11,  2.00s/it, lr: 4.0e-04 \
      loss: 2.5e-01]\n
      """)
    #expect(log.points.map(\.step) == [120, 121])
    #expect(log.points.map(\.loss) == [0.3123, 0.25])
    #expect(log.last?.learningRate == 0.0004)
    #expect(log.totalSteps == 1000)
    #expect(log.speed == 0.5)
    #expect(log.rate == "2 s/it")
    #expect(log.firstLoss == 0.3123 && log.lastLoss == 0.25 && log.lowest?.step == 121)
  }

  @Test(
    arguments: [
      ("step: 120, loss: 0.31", 120, nil, 0.31), ("Step 120/1000, Loss: 0.5", 120, nil, 0.5),
      ("{'loss': 0.31, 'learning_rate': 1e-4, 'epoch': 0.5}", nil, 0.5, 0.31),
      ("{\"train_loss\": 0.31, \"global_step\": 7}", 7, nil, 0.31),
      ("Epoch 2/4 - 3s - loss: 0.5 - val_loss: 0.7", nil, 2, 0.5),
      ("Epoch [1/5], Step [100/600], Loss: 2.25", 100, 1, 2.25),
      ("step 120: train loss 4.25, val loss 4.5", 120, nil, 4.25),
      (
        "# PTI :step: 120, epoch: 3:  12%|█ | 120/1000 [01:23<10:12,  1.44it/s, loss=0.125]", 120,
        3, 0.125
      ),
      ("# PTI :  12%|█▏ | 120/1000 [01:23<10:12,  1.44it/s] loss=0.12", 120, nil, 0.12),
      (
        "steps:  12%|█▏        | 120/1000 [01:23<10:12,  1.44it/s, avr_loss=0.0823]", 120, nil,
        0.0823
      ),
      ("Epoch 0:  42%|████▏     | 5/12 [00:01<00:02, 3.3it/s, loss=0.5, v_num=0]", 5, 0, 0.5),
      ("Epoch 2/4:  42%|████▏     | 5/12 [00:01<00:02, 3.3it/s, loss=0.5]", 17, 2, 0.5),
      ("Loss: 0.5", nil, nil, 0.5), ("LOSS = -1.5", nil, nil, -1.5), ("loss 3e-05.", nil, nil, nil),
      ("loss: 3e-05.", nil, nil, 3e-05),
      // No losses of the training.
      ("val_loss: 0.5", nil, nil, nil), ("Validation loss: 0.5", nil, nil, nil),
      ("{'train_runtime': 120.5, 'train_loss': 0.4, 'epoch': 1.0}", nil, nil, nil),
      ("loss", nil, nil, nil), ("loss:", nil, nil, nil), ("no loss in 4 steps", nil, nil, nil),
      ("loss: tensor(0.5)", nil, nil, nil), ("loss_type: 5", nil, nil, nil),
      ("weight loss 5", nil, nil, nil), ("loss: 1e999", nil, nil, nil),
      ("loss: 1e200", nil, nil, nil), ("loss: 1.2.3.4", nil, nil, nil),
      ("loss: --5", nil, nil, nil),
    ] as [(String, Int?, Double?, Double?)])
  func `one line`(line: String, step: Int?, epoch: Double?, loss: Double?) {
    let log = log(line)
    #expect(log.lastLoss == loss)
    guard loss != nil else { return }
    #expect(log.last?.step == step)
    #expect(log.last?.epoch == epoch)
  }

  @Test func `a loss on its own line belongs to the bar before it`() {
    let log = log(
      """
      Downloading: 100%|██████████| 5/5 [00:01<00:00,  9.00it/s]
      loss: 1.5
      Epoch 1/4:   8%|▊         | 1/12 [00:00<00:01,  7.69it/s]\r\
      Epoch 1/4: 100%|██████████| 12/12 [00:01<00:00,  8.00it/s]
      loss: 0.9

      Epoch 2/4: 100%|██████████| 12/12 [00:01<00:00,  8.00it/s]
      loss: 0.5

      """)
    #expect(log.points.map(\.step) == [nil, 12, 24])
    #expect(log.points.map(\.epoch) == [nil, 1, 2])
    #expect(log.totalSteps == 48 && log.totalEpochs == 4)
    #expect(log.rate == "8 it/s")
  }

  @Test func `a validation’s bar isn't the training’s`() {
    let log = log(
      """
        1%|▏ | 10/1000 [00:10<10:00,  1.00it/s]
      {'loss': 0.5, 'epoch': 0.1}
      100%|██| 20/20 [00:10<00:00,  9.00it/s]
      {'eval_loss': 0.7, 'epoch': 0.1}
      {'loss': 0.4, 'epoch': 0.2}
        2%|▏ | 20/1000 [00:10<10:00,  1.00it/s]
      {'loss': 0.3, 'epoch': 0.2}
      """)
    #expect(log.points.map(\.loss) == [0.5, 0.4, 0.3])
    #expect(log.points.map(\.step) == [10, nil, 20])
  }

  @Test func `what is configured isn't a step`() {
    let log = log("Num Epochs = 4\nTotal steps: 1000\nStep 1 of 3: preparing\nloss: 0.5\n")
    #expect(log.lastLoss == 0.5)
    #expect(log.last?.step == nil && log.last?.epoch == nil && log.totalSteps == nil)
  }

  @Test func `a bar that is drawn again corrects its loss`() {
    let log = log("\rstep: 1, loss: 0.9\rstep: 2, loss: 0.9\rstep: 2, loss: 0.7\r")
    #expect(log.points.map(\.loss) == [0.9, 0.7])
    #expect(log.count == 2)
  }

  @Test func `NaN and infinity are no losses, and are said`() {
    var log = log("step: 1, loss: 0.5\nstep: 2, loss: nan\nstep: 3, loss: NaN\n")
    #expect(log.points.count == 1)
    #expect(log.lost?.words == "The loss became NaN at step 2.")
    #expect(log.lost?.hasRecovered == false)
    log.update(
      "step: 1, loss: 0.5\nstep: 2, loss: nan\nstep: 3, loss: NaN\nstep: 4, loss: 0.4\n",
      hasEnded: true)
    #expect(log.lost?.words == "The loss was NaN at step 2, and is a number again.")
    #expect(
      self.log("{'loss': -inf, 'epoch': 0.25}").lost?.words
        == "The loss became infinite in epoch 0.25.")
  }

  private let long: String = {
    var text = "Starting\n"
    for step in 1...3000 {
      let loss = 1 / (1 + Double(step) / 100)
      text += "job:  12%|█▏   | \(step)/3000 [01:23<10:12,  1.44it/s, lr: 4.0e-04 loss: \(loss)]\r"
    }
    return text + "done\n"
  }()

  @Test func `a log that grows gives the same as one that is read at once`() {
    let bytes = Array(long.utf8)
    var growing = TrainingLog()
    var size = 0
    var step = 1
    while size < bytes.count {
      size = min(bytes.count, size + step)
      step = step % 4099 + 37
      growing.update(
        String(decoding: bytes[..<size], as: UTF8.self), hasEnded: size == bytes.count)
      growing.update(
        String(decoding: bytes[..<size], as: UTF8.self), hasEnded: size == bytes.count)
    }
    let whole = log(long)
    #expect(growing.points == whole.points)
    #expect(growing.count == 3000 && whole.count == 3000)
    #expect(growing.values(columns: 50) == whole.values(columns: 50))
  }

  @Test func `a number at the end of an unfinished line waits for its end`() {
    var log = TrainingLog()
    log.update("loss: 0.5\nloss: 3.1", hasEnded: false)
    #expect(log.lastLoss == 0.5)
    log.update("loss: 0.5\nloss: 3.123e-01\n", hasEnded: false)
    #expect(log.lastLoss == 0.3123 && log.count == 2)
  }

  @Test func `what the service cuts off at the beginning stays read`() {
    let bytes = Array(long.utf8)
    var log = TrainingLog()
    var end = 0
    while end < bytes.count {
      end = min(bytes.count, end + 5000)
      let start = max(0, end - 20_000)
      log.update(
        String(decoding: bytes[start..<end], as: UTF8.self), hasEnded: end == bytes.count)
    }
    #expect(log.count == 3000)
    #expect(log.first?.step == 1 && log.last?.step == 3000)
  }

  @Test func `another log is read from its beginning, and an empty one changes nothing`() {
    var log = log("loss: 0.5\n")
    log.update("", hasEnded: true)
    #expect(log.count == 1)
    log.update("loss: 0.7\nloss: 0.8\n", hasEnded: true)
    #expect(log.points.map(\.loss) == [0.7, 0.8])
  }

  @Test func `many points are thinned and keep their shape`() {
    var text = ""
    for step in 1...100_000 {
      text += "step: \(step), loss: \(step == 77_777 ? 9.0 : step == 33_333 ? 0.0 : 0.5)\n"
    }
    let log = log(text)
    let points = log.points
    #expect(log.count == 100_000)
    #expect(points.count <= 2000 && points.count > 400)
    #expect(points.contains { $0.step == 77_777 && $0.loss == 9 })
    #expect(points.contains { $0.step == 33_333 && $0.loss == 0 })
    #expect(points.map { $0.step ?? 0 } == points.map { $0.step ?? 0 }.sorted())
    #expect(points.first?.step == 1 && points.last?.step == 100_000)
    let values = log.values(columns: 100)
    #expect(values.count == 100)
    #expect(values.allSatisfy { $0 > 0.49 && $0 < 0.51 })
  }

  @Test func `columns of a chart are means`() {
    let log = log("loss: 1.0\nloss: 2.0\nloss: 3.0\nloss: 5.0\n")
    #expect(log.values(columns: 2) == [1.5, 4])
    #expect(log.values(columns: 10) == [1, 2, 3, 5])
    #expect(log.values(columns: 1) == [2.75])
    #expect(log.values(columns: 0).isEmpty && log.values(columns: -1).isEmpty)
    #expect(TrainingLog().values(columns: 10).isEmpty)
    #expect(TrainingLog(limit: -5).points.isEmpty)
  }

  @Test func `lines of megabytes and hostile texts do no harm`() {
    let megabytes = String(repeating: "x", count: 3 << 20)
    #expect(log("loss: 0.5" + megabytes).count == 1)
    #expect(log(megabytes + "loss: 0.5").points.isEmpty)
    #expect(log(String(repeating: "loss:", count: 500_000)).points.isEmpty)
    #expect(log(String(repeating: "9", count: 1 << 20)).points.isEmpty)
    var log = TrainingLog()
    for _ in 0..<50 { log.update(megabytes, hasEnded: false) }
    #expect(log.points.isEmpty)
    for line in [
      "Epoch 9e8/9: 1%| | 999999999/999999999 [, loss=1]", "step: -5 loss: 1.0", "%|", "1%||", "|",
      "Epoch 1/4: 1%| | 99999999999999999999/5 [00<0, 1it/s] loss: 2", "\u{0}loss: 1\u{0}",
      "1%| | 1/2 [0<0, 0it/s, loss=1", "1%| | 1/2 [0<0, 1e-300s/it, loss=1", "epoch: 1e308 loss: 1",
    ] {
      _ = self.log(line)
    }
  }
}
