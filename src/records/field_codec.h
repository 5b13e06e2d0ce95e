// One list of fields per record, written and read by the same code. For each struct that is stored there is, beside it,
//
//   template <class Codec>
//   void Fields(Codec& codec, Fielded<Codec, TenantRecord> r) {
//     codec.Field("id", r.id);
//     codec.Field("tier", r.tier);
//   }
//
// which a FieldWriter visits with a record to be written and a FieldReader with one to be filled. The fields are
// written in the list's order; they are found by their names in whatever order they come.
#pragma once

#include <concepts>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "base/strong_id.h"

namespace insula::records {

// What the list gets to see: a `const T&` to write from, a `T&` to read into.
template <class Codec, class T>
using Fielded = std::conditional_t<Codec::kReads, T&, const T&>;

// Which form a type's values have, where it isn't the type itself that tells.
template <class T>
inline constexpr bool kIsStrongId = false;
template <class Tag, class Rep>
inline constexpr bool kIsStrongId<StrongId<Tag, Rep>> = true;
template <class T>
inline constexpr bool kIsArray = false;
template <class T>
inline constexpr bool kIsArray<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsObjectByName = false;
template <class T>
inline constexpr bool kIsObjectByName<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool kIsShared = false;
template <class T>
inline constexpr bool kIsShared<std::shared_ptr<const T>> = true;

}  // namespace insula::records
