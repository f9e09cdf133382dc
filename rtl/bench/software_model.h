// What the units compute, in ordinary C++ arithmetic: it shares no code and no trick with the hardware description.
#pragma once
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>

inline float floatOf(uint32_t bits) { return std::bit_cast<float>(bits); }
inline uint32_t bitsOf(float value) { return std::bit_cast<uint32_t>(value); }

// Subnormal inputs count as zeros with their sign.
inline float flushed(float value) { return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(0.0f, value) : value; }

inline float floatOfBf16(uint16_t bits) { return flushed(floatOf(uint32_t{bits} << 16)); }

// fp32 sum + bf16 a * bf16 b, rounded once. The product is exact in a double. Rounding the sum to a double and then to a float equals
// one rounding, because a double has more than 2 * 24 + 2 bits (Figueroa, SIGNUM Newsletter 30, 1995).
inline uint32_t macBf16(uint16_t a, uint16_t b, uint32_t sum) {
  const double exact = double{flushed(floatOf(sum))} + double{floatOfBf16(a)} * double{floatOfBf16(b)};
  if (std::isnan(exact)) return 0x7fc00000u;
  // Far from the border of the normal range, the conversion rounds to 24 bits.
  const double up = std::ldexp(exact, 128);
  if (std::fabs(exact) < 1e-30) {
    const bool isNormal = std::fabs(static_cast<float>(up)) >= std::ldexp(1.0f, -126 + 128);
    return bitsOf(isNormal ? std::ldexp(static_cast<float>(up), -128) : std::copysign(0.0f, static_cast<float>(exact)));
  }
  return bitsOf(static_cast<float>(exact));
}

inline uint32_t macDualInt8(uint16_t a, uint16_t b, uint32_t sum) {
  const auto low = [](uint16_t word) { return int32_t{static_cast<int8_t>(word & 0xff)}; };
  const auto high = [](uint16_t word) { return int32_t{static_cast<int8_t>(word >> 8)}; };
  return sum + static_cast<uint32_t>(low(a) * low(b) + high(a) * high(b));
}

inline uint8_t quantize(uint16_t element, uint16_t inverseScale) {
  const double exact = double{floatOfBf16(element)} * double{floatOfBf16(inverseScale)};
  if (std::isnan(exact)) return 0;
  const double rounded = std::nearbyint(exact);  // to nearest, ties to even
  return static_cast<uint8_t>(static_cast<int8_t>(rounded > 127 ? 127 : rounded < -128 ? -128 : rounded));
}
