// Compares the arithmetic units with the software model: all pairs of corner operands, then random ones.
// Usage: elements RANDOM_CASES SEED. Prints "unit cases mismatches" for each unit, and the first mismatches on standard error.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "Velements.h"
#include "software_model.h"

namespace {

struct Unit {
  const char* name;
  uint64_t cases = 0;
  uint64_t mismatches = 0;

  void check(uint32_t found, uint32_t expected, uint16_t a, uint16_t b, uint32_t sum) {
    cases++;
    if (found == expected) return;
    if (++mismatches <= 5) std::fprintf(stderr, "%s: a %04x, b %04x, sum %08x: %08x, expected %08x\n", name, a, b, sum, found, expected);
  }
};

// Zeros, subnormals, the ends of the normal range, neighbours of one, infinities, NaNs; as int8 pairs, these include -128, -1, 0, 1 and 127.
const std::vector<uint16_t> cornerOperands = {
    0x0000, 0x8000, 0x0001, 0x807f, 0x0080, 0x8080, 0x0081, 0x3f7f, 0x3f80, 0xbf80, 0x3f81, 0x4000, 0x4049, 0xc2ff, 0x7f7f, 0xff7f, 0x7f80,
    0xff80, 0x7f81, 0xffc0, 0x7fff, 0x1fff, 0x2000, 0x5f7f, 0x5f80, 0x007f, 0x7f00, 0x80ff, 0xff01, 0x0101, 0xffff, 0x3eff, 0x3f00, 0x42fe,
    0x42ff, 0x4300, 0xc300, 0x4301};
const std::vector<uint32_t> cornerSums = {
    0x00000000, 0x80000000, 0x00000001, 0x807fffff, 0x00800000, 0x80800000, 0x00800001, 0x00ffffff, 0x3f7fffff, 0x3f800000, 0xbf800000,
    0x3f800001, 0x4b800000, 0xcb7fffff, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7f800001, 0xffc00000, 0x7fffffff, 0xffffffff,
    0x00008000, 0xffff8000, 0x7fff8000, 0x34000000, 0xb3ffffff};

}  // namespace

int main(int argc, char** argv) {
  const uint64_t randomCases = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000000;
  std::mt19937_64 random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  Velements top;
  Unit bf16{"bf16"}, dualInt8{"dual-int8"}, base{"convertible-base"}, burst{"convertible-burst"}, quantized{"quantize"};

  const auto check = [&](uint16_t a, uint16_t b, uint32_t sum) {
    top.a = a;
    top.b = b;
    top.partial_sum = sum;
    top.eval();
    const uint32_t floatSum = macBf16(a, b, sum);
    const uint32_t integerSum = macDualInt8(a, b, sum);
    bf16.check(top.bf16, floatSum, a, b, sum);
    base.check(top.convertible_base, floatSum, a, b, sum);
    dualInt8.check(top.dual_int8, integerSum, a, b, sum);
    burst.check(top.convertible_burst, integerSum, a, b, sum);
    quantized.check(top.quantized, quantize(a, b), a, b, 0);
  };

  for (const uint16_t a : cornerOperands)
    for (const uint16_t b : cornerOperands)
      for (const uint32_t sum : cornerSums) check(a, b, sum);
  for (uint64_t i = 0; i < randomCases; i++) {
    uint16_t a = static_cast<uint16_t>(random());
    uint16_t b = static_cast<uint16_t>(random());
    uint32_t sum = static_cast<uint32_t>(random());
    // Random bits seldom meet: in most cases the exponents are so close that addends cancel, products round, and elements are near int8.
    const uint64_t kind = random() % 8;
    if (kind < 6) {
      const auto near = [&](int exponent, int spread) { return static_cast<uint32_t>(exponent + static_cast<int>(random() % (2 * spread + 1)) - spread); };
      const int center = 2 + 125 * static_cast<int>(random() % 2) + static_cast<int>(random() % 126);
      a = static_cast<uint16_t>((a & 0x807f) | (near(center, 1) & 0xff) << 7);
      b = static_cast<uint16_t>((b & 0x807f) | (near(127, kind == 0 ? 9 : 1) & 0xff) << 7);
      sum = (sum & 0x807fffff) | (near(center, kind < 3 ? 2 : 28) & 0xff) << 23;
      // Few ones in the fraction: ties, exact cancellation, carries.
      if (kind == 2) sum &= 0xffff8000u;
      if (kind == 3) sum |= 0x007f0000u;
      if (kind == 4) {
        const float product = floatOfBf16(a) * floatOfBf16(b);
        sum = bitsOf(-product) + static_cast<uint32_t>(random() % 5) - 2;
      }
    }
    check(a, b, sum);
  }

  uint64_t mismatches = 0;
  for (const Unit* unit : {&bf16, &dualInt8, &base, &burst, &quantized}) {
    std::printf("%s %llu %llu\n", unit->name, static_cast<unsigned long long>(unit->cases), static_cast<unsigned long long>(unit->mismatches));
    mismatches += unit->mismatches;
  }
  return mismatches == 0 ? 0 : 1;
}
