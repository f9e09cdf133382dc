// The event loop of simulator/serving for one model on one chip, fifo, batch 1, Poisson arrivals and one service time, with the same
// events, the same random numbers and the same statistics, in C++: what the machine gives to a compiled language. Prints the requests
// per second of the loop, and figures that have to be those of the simulator.
//
//   g++ -O3 -std=c++17 twin.cpp -o twin && ./twin REQUESTS UTILIZATION SEED
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

double expTables[3][256];  // widths, insides, heights
constexpr double tail = 7.69711747013105;
constexpr double area = 0.003949659822581557;
constexpr double scale = 9007199254740992.0;

void buildTables() {
  double edge = tail;
  expTables[0][0] = area / std::exp(-tail) / scale;
  expTables[1][0] = std::floor((tail * std::exp(-tail) * scale) / area);
  expTables[2][0] = std::exp(-tail);
  for (int layer = 1; layer < 256; layer++) {
    expTables[0][layer] = edge / scale;
    const double next = layer == 255 ? 0 : -std::log(std::exp(-edge) + area / edge);
    expTables[1][layer] = std::floor((next / edge) * scale);
    expTables[2][layer] = std::exp(-edge);
    edge = next;
  }
}

struct Random {
  uint32_t a, b, c, counter;
  Random(uint32_t seed, uint32_t stream) : a(seed), b(0x9e3779b9u), c((stream + 1) * 0x85ebca6bu), counter(1) {
    for (int i = 0; i < 20; i++) next();
  }
  uint32_t next() {
    const uint32_t result = a + b + counter++;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = ((c << 21) | (c >> 11)) + result;
    return result;
  }
  double uniform() {
    const uint32_t high = next() >> 5;
    const uint32_t low = next() >> 6;
    return (high * 67108864.0 + low) / scale;
  }
  double exponential() {
    for (;;) {
      const uint32_t first = next();
      const int layer = first & 255;
      const double place = (first >> 11) * 4294967296.0 + next();
      const double x = place * expTables[0][layer];
      if (place < expTables[1][layer]) return x;
      if (layer == 0) return tail - std::log(1 - uniform());
      const double lower = expTables[2][layer];
      const double upper = layer == 255 ? 1 : expTables[2][layer + 1];
      if (lower + uniform() * (upper - lower) < std::exp(-x)) return x;
    }
  }
};

constexpr int buckets = 256, slotBuckets = 4, cells = 128 * 40;

int cellOf(double seconds) {
  uint64_t bits;
  std::memcpy(&bits, &seconds, 8);
  const int cell = static_cast<int>(bits >> 45) - (1023 - 24) * 128;
  return std::clamp(cell, 0, cells - 1);
}

struct Recorder {
  std::vector<double> arrived = std::vector<double>(buckets), inTime = arrived, largest = arrived, queuedSeconds = arrived,
                      mostQueued = arrived, latency = std::vector<double>(buckets / slotBuckets), finished = latency,
                      late = latency, lateLatency = latency, batches = latency, profile = latency, lateProfile = latency;
  std::vector<uint32_t> latencies = std::vector<uint32_t>(buckets * cells);
  std::vector<double> busy = std::vector<double>(buckets);
  int bucket = 0, lowest = cells, highest = -1;
  double arrivedNow = 0, finishedNow = 0, lateNow = 0, lateLatencyNow = 0, latencyNow = 0, largestNow = 0, queuedNow = 0, since = 0,
         busyNow = 0;
  int queued = 0, mostQueuedNow = 0;
  double totalArrived = 0, totalFinished = 0, totalLatency = 0, totalLate = 0, totalBusy = 0, totalWait = 0, totalQueued = 0;

  void flush(double now) {
    const int slot = bucket / slotBuckets;
    queuedNow += queued * (now - since);
    since = now;
    arrived[bucket] += arrivedNow;
    inTime[bucket] += finishedNow - lateNow;
    queuedSeconds[bucket] += queuedNow;
    largest[bucket] = std::max(largest[bucket], largestNow);
    mostQueued[bucket] = std::max<double>(mostQueued[bucket], mostQueuedNow);
    busy[bucket] += busyNow;
    latency[slot] += latencyNow;
    finished[slot] += finishedNow;
    late[slot] += lateNow;
    lateLatency[slot] += lateLatencyNow;
    totalArrived += arrivedNow;
    totalFinished += finishedNow;
    totalLatency += latencyNow;
    totalLate += lateNow;
    totalBusy += busyNow;
    totalQueued += queuedNow;
    arrivedNow = finishedNow = lateNow = lateLatencyNow = latencyNow = largestNow = queuedNow = busyNow = 0;
    mostQueuedNow = queued;
  }
};

struct Queue {
  std::vector<double> ring = std::vector<double>(64);
  uint32_t mask = 63, head = 0, length = 0;
  void push(double arrival) {
    if (length > mask) grow();
    ring[(head + length++) & mask] = arrival;
  }
  void grow() {
    std::vector<double> wider((mask + 1) * 2);
    for (uint32_t i = 0; i < length; i++) wider[i] = ring[(head + i) & mask];
    ring.swap(wider);
    mask = mask * 2 + 1;
    head = 0;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const double requests = argc > 1 ? std::atof(argv[1]) : 1e7;
  const double rate = argc > 2 ? std::atof(argv[2]) : 0.7;
  const uint32_t seed = argc > 3 ? static_cast<uint32_t>(std::atoll(argv[3])) : 1;
  const double serviceSeconds = 1, deadline = 3, meanGap = 1 / rate;
  buildTables();
  const auto begin = std::chrono::steady_clock::now();
  Random random(seed, 0);
  Recorder recorder;
  Queue queue;
  std::vector<double> block(512);
  int next = 512;
  double drawn = 0, came = 0;
  double width = requests / rate / buckets * (1 + 1e-9), bucketEnd = width;
  double keys[2] = {never, never};
  double spanStart = 0, start = 0, arrival = 0;
  bool idle = true;
  auto advance = [&] {
    if (next == 512) {
      for (double& slot : block) slot = drawn += random.exponential() * meanGap;
      next = 0;
    }
    keys[1] = block[next++];
  };
  advance();
  auto serve = [&](double now) {
    arrival = queue.ring[queue.head];
    queue.head = (queue.head + 1) & queue.mask;
    queue.length--;
    recorder.queuedNow += recorder.queued * (now - recorder.since);
    recorder.since = now;
    recorder.queued--;
    idle = false;
    start = spanStart = now;
    keys[0] = now + serviceSeconds;
  };
  double now = 0;
  for (;;) {
    const int slot = keys[1] < keys[0] ? 1 : 0;
    const double at = keys[slot];
    if (at >= bucketEnd) {
      if (at == never) break;
      recorder.flush(bucketEnd);
      if (++recorder.bucket == buckets) {
        for (int bucket = 0; bucket < buckets / 2; bucket++)
          for (int cell = recorder.lowest; cell <= recorder.highest; cell++)
            recorder.latencies[bucket * cells + cell] =
                recorder.latencies[2 * bucket * cells + cell] + recorder.latencies[(2 * bucket + 1) * cells + cell];
        recorder.bucket = buckets / 2;
        width *= 2;
      }
      bucketEnd = (recorder.bucket + 1) * width;
      continue;
    }
    now = at;
    if (slot == 0) {
      const double latency = now - arrival;
      const int cell = cellOf(latency);
      if (cell < recorder.lowest) recorder.lowest = cell;
      if (cell > recorder.highest) recorder.highest = cell;
      recorder.latencies[recorder.bucket * cells + cell]++;
      if (!(arrival <= start && start <= now)) std::abort();
      bool late = latency > deadline;
      if (late) {
        recorder.lateNow++;
        recorder.lateLatencyNow += latency;
        recorder.lateProfile[recorder.bucket / slotBuckets]++;
      }
      recorder.largestNow = std::max(recorder.largestNow, latency);
      recorder.latencyNow += latency;
      recorder.totalWait += latency - (now - start);
      recorder.finishedNow++;
      recorder.batches[recorder.bucket / slotBuckets]++;
      recorder.profile[recorder.bucket / slotBuckets]++;
      if (spanStart >= recorder.bucket * width) {
        recorder.busyNow += now - spanStart;
      } else {
        recorder.totalBusy += now - spanStart;
        recorder.busy[recorder.bucket] += now - spanStart;
      }
      if (queue.length > 0) {
        serve(now);
      } else {
        idle = true;
        keys[0] = never;
      }
    } else {
      if (came >= requests) {
        keys[1] = never;
        continue;
      }
      advance();
      came++;
      if (recorder.queued) recorder.queuedNow += recorder.queued * (now - recorder.since);
      recorder.since = now;
      recorder.queued++;
      recorder.mostQueuedNow = std::max(recorder.mostQueuedNow, recorder.queued);
      recorder.arrivedNow++;
      queue.push(now);
      if (idle) serve(now);
    }
  }
  recorder.flush(now);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("{\"requestsPerSecond\": %.0f, \"finished\": %.0f, \"meanLatencySeconds\": %.17g, \"late\": %.0f}\n", requests / seconds,
              recorder.totalFinished, recorder.totalLatency / recorder.totalFinished, recorder.totalLate);
}
