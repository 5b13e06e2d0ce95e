// A value or the Error that kept it from being made. GCC 12's standard library has no std::expected.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace insula {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}        // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}    // NOLINT: implicit by design

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    INSULA_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    INSULA_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    INSULA_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    INSULA_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    INSULA_CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    INSULA_CHECK(!ok());
    return *error_;
  }
  Error&& error() && {
    INSULA_CHECK(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace insula

#define INSULA_CONCAT_INNER(a, b) a##b
#define INSULA_CONCAT(a, b) INSULA_CONCAT_INNER(a, b)

// Returns the error of `expression` from the enclosing function, if it has one.
#define INSULA_TRY(expression)                                   \
  do {                                                           \
    if (auto insula_try_result = (expression); !insula_try_result.ok()) \
      return std::move(insula_try_result).error();               \
  } while (false)

// INSULA_ASSIGN(auto x, F()): declares x from the value of F(), or returns F()'s error.
#define INSULA_ASSIGN(declaration, expression) \
  INSULA_ASSIGN_INNER(INSULA_CONCAT(insula_result_, __LINE__), declaration, expression)
#define INSULA_ASSIGN_INNER(name, declaration, expression) \
  auto name = (expression);                                \
  if (!name.ok()) return std::move(name).error();          \
  declaration = std::move(name).value()

// The same two inside a coroutine; `expression` may hold a co_await.
#define INSULA_CO_TRY(expression)                                \
  do {                                                           \
    if (auto insula_try_result = (expression); !insula_try_result.ok()) \
      co_return std::move(insula_try_result).error();            \
  } while (false)
#define INSULA_CO_ASSIGN(declaration, expression) \
  INSULA_CO_ASSIGN_INNER(INSULA_CONCAT(insula_result_, __LINE__), declaration, expression)
#define INSULA_CO_ASSIGN_INNER(name, declaration, expression) \
  auto name = (expression);                                   \
  if (!name.ok()) co_return std::move(name).error();          \
  declaration = std::move(name).value()
