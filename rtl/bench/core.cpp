// Runs products on the convertible core and compares every result with the software model.
//
// Standard input: one run per line, its products separated by ';'. A product is
//   MODE PRELOAD FOLDS VECTORS SEED     MODE: base, burst (weights in int8) or convert (weights pass the quantization unit)
//                                       PRELOAD: hidden or exposed
// Standard output: one line per run: the cycles from the first load to the last result, the number of results that were compared, and
// the number of mismatches.
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "Vconvertible_core.h"
#include "software_model.h"

namespace {

constexpr int rows = ROWS;
constexpr int columns = COLUMNS;

struct Product {
  bool isBurst = false, converts = false, overlaps = true;
  int folds = 1, vectors = 1;
  uint64_t seed = 1;
  // As they enter the array: [fold][row][column], and [fold][vector][row].
  std::vector<uint16_t> words, activations;
  // What the quantization unit reads: [fold][row of the reduction][column], and one scale per fold and column.
  std::vector<uint16_t> elements, inverseScales;
  // What the columns must deliver: [column], in the order of folds and vectors.
  std::vector<std::deque<uint32_t>> expected;
};

// Mostly ordinary numbers. One of 64 is an infinity, a NaN, a subnormal or a zero.
uint16_t randomBf16(std::mt19937_64& random) {
  const uint16_t bits = static_cast<uint16_t>(random());
  static const uint16_t special[] = {0x7f80, 0xff80, 0x7fc1, 0x0001, 0x807f, 0x0000, 0x8000, 0x0080};
  if (random() % 64 == 0) return special[random() % 8];
  return static_cast<uint16_t>((bits & 0x807f) | (120 + random() % 12) << 7);
}

void fill(Product& product) {
  std::mt19937_64 random(product.seed);
  const size_t words = static_cast<size_t>(product.folds) * rows * columns;
  product.words.resize(words);
  product.activations.resize(static_cast<size_t>(product.folds) * product.vectors * rows);
  for (auto& value : product.activations) value = product.isBurst ? static_cast<uint16_t>(random()) : randomBf16(random);
  if (product.converts) {
    product.elements.resize(2 * words);
    product.inverseScales.resize(static_cast<size_t>(product.folds) * columns);
    for (auto& value : product.elements) value = randomBf16(random);
    for (auto& value : product.inverseScales) value = static_cast<uint16_t>((random() & 0x7f) | (130 + random() % 6) << 7);
    for (int fold = 0; fold < product.folds; fold++)
      for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
          const auto int8 = [&](int second) {
            const size_t at = (static_cast<size_t>(fold) * 2 * rows + 2 * row + second) * columns + column;
            return quantize(product.elements[at], product.inverseScales[static_cast<size_t>(fold) * columns + column]);
          };
          product.words[(static_cast<size_t>(fold) * rows + row) * columns + column] = static_cast<uint16_t>(int8(0) | int8(1) << 8);
        }
  } else {
    for (auto& value : product.words) value = product.isBurst ? static_cast<uint16_t>(random()) : randomBf16(random);
  }
  product.expected.resize(columns);
  for (int column = 0; column < columns; column++)
    for (int fold = 0; fold < product.folds; fold++)
      for (int vector = 0; vector < product.vectors; vector++) {
        uint32_t sum = 0;
        for (int row = 0; row < rows; row++) {
          const uint16_t a = product.activations[(static_cast<size_t>(fold) * product.vectors + vector) * rows + row];
          const uint16_t b = product.words[(static_cast<size_t>(fold) * rows + row) * columns + column];
          sum = product.isBurst ? macDualInt8(a, b, sum) : macBf16(a, b, sum);
        }
        product.expected[column].push_back(sum);
      }
}

// Ports of more than 64 bits are arrays of 32-bit words, narrower ones are integers.
template <typename Port>
void setHalf(Port& port, int index, uint16_t value) {
  if constexpr (requires { port[0]; }) {
    port[index / 2] = (port[index / 2] & ~(0xffffu << (index % 2 * 16))) | static_cast<uint32_t>(value) << (index % 2 * 16);
  } else {
    port = static_cast<Port>((static_cast<uint64_t>(port) & ~(uint64_t{0xffff} << (index * 16))) | static_cast<uint64_t>(value) << (index * 16));
  }
}
template <typename Port>
uint32_t wordOf(const Port& port, int index) {
  if constexpr (requires { port[0]; }) return port[index];
  else return static_cast<uint32_t>(static_cast<uint64_t>(port) >> (index * 32));
}

class Bench {
 public:
  Bench() {
    top_.reset = 1;
    for (int i = 0; i < rows + columns; i++) tick();
    top_.reset = 0;
  }

  void run(std::vector<Product>& products) {
    size_t next = 0, running = 0;
    uint64_t cycle = 0, first = 0, last = 0, compared = 0, mismatches = 0;
    bool hasStarted = false;
    size_t left = 0;
    for (const Product& product : products) left += static_cast<size_t>(product.folds) * product.vectors * columns;
    // A column can still deliver the last results of a product while another column delivers the first ones of the next.
    std::vector<size_t> columnAt(columns, 0);
    for (; left > 0; cycle++) {
      if (cycle > 1'000'000) {
        std::fprintf(stderr, "the core does not finish: %zu results are missing\n", left);
        std::exit(1);
      }
      top_.command_valid = next < products.size();
      if (next < products.size()) {
        const Product& command = products[next];
        top_.command_burst = command.isBurst;
        top_.command_converts = command.converts;
        top_.command_overlaps = command.overlaps;
        top_.command_folds = command.folds;
        top_.command_vectors = command.vectors;
      }
      top_.eval();
      if (hasStarted) answer(products[running]);
      for (int column = 0; column < columns; column++) {
        if (!(static_cast<uint64_t>(top_.result_valid) >> column & 1)) continue;
        while (columnAt[column] < products.size() && products[columnAt[column]].expected[column].empty()) columnAt[column]++;
        if (columnAt[column] == products.size()) {
          mismatches++;
          continue;
        }
        auto& expected = products[columnAt[column]].expected[column];
        compared++;
        left--;
        if (wordOf(top_.results, column) != expected.front()) mismatches++;
        expected.pop_front();
        // A result on the wires was computed in the cycle before.
        last = cycle - 1;
      }
      const bool starts = top_.command_ready;
      tick();
      if (starts) {
        running = next++;
        if (!hasStarted) first = cycle + 1;
        hasStarted = true;
      }
    }
    // The run after this one starts on an idle core.
    top_.command_valid = 0;
    for (int i = 0; i < rows + columns; i++) tick();
    std::printf("%llu %llu %llu\n", static_cast<unsigned long long>(last - first + 1), static_cast<unsigned long long>(compared),
                static_cast<unsigned long long>(mismatches));
  }

 private:
  Vconvertible_core top_;

  void tick() {
    top_.clock = 0;
    top_.eval();
    top_.clock = 1;
    top_.eval();
  }

  // The memories: what the core asks for, in the same cycle.
  void answer(const Product& product) {
    if (top_.weights_read) {
      const size_t at = (static_cast<size_t>(top_.weights_fold) * rows + top_.weights_row) * columns;
      for (int column = 0; column < columns; column++) setHalf(top_.weights, column, product.words[at + column]);
    }
    if (top_.elements_read) {
      const size_t at = (static_cast<size_t>(top_.elements_fold) * 2 * rows + top_.elements_row) * columns;
      for (int column = 0; column < columns; column++) {
        setHalf(top_.elements, column, product.elements[at + column]);
        setHalf(top_.inverse_scales, column, product.inverseScales[static_cast<size_t>(top_.elements_fold) * columns + column]);
      }
    }
    if (top_.vector_read) {
      const size_t at = (static_cast<size_t>(top_.vector_fold) * product.vectors + top_.vector_index) * rows;
      for (int row = 0; row < rows; row++) setHalf(top_.activations, row, product.activations[at + row]);
    }
    top_.eval();
  }
};

}  // namespace

int main() {
  Bench bench;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::vector<Product> products;
    std::istringstream parts(line);
    for (std::string part; std::getline(parts, part, ';');) {
      std::istringstream fields(part);
      std::string mode, preload;
      Product product;
      fields >> mode >> preload >> product.folds >> product.vectors >> product.seed;
      if (!fields) {
        std::fprintf(stderr, "not a product: %s\n", part.c_str());
        return 2;
      }
      product.isBurst = mode != "base";
      product.converts = mode == "convert";
      product.overlaps = preload == "hidden";
      fill(product);
      products.push_back(std::move(product));
    }
    bench.run(products);
  }
  return 0;
}
