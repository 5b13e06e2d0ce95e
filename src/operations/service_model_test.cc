// Every operation of the newest public service model, and every member of its request, is one that Insula reads: types
// and constraints are checked, and whoever sends it isn't ignored. tests/tools/service_model.mjs writes the model.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "operations/registry.h"
#include "wire/json_reader.h"

namespace insula::operations {
namespace {

using Paths = std::set<std::string>;

// "KeySchema", "KeySchema.AttributeName" …, as the model names them.
void AddMembers(const wire::Shape& shape, const std::string& prefix, Paths* paths) {
  for (const wire::Shape& element : shape.element) AddMembers(element, prefix, paths);
  for (const wire::Field& field : shape.fields) {
    paths->insert(prefix + field.name);
    AddMembers(field.shape, prefix + field.name + ".", paths);
  }
}

TEST(ServiceModel, EveryMemberOfEveryRequestIsRead) {
  std::ifstream file(INSULA_SERVICE_MODEL);
  std::stringstream text;
  text << file.rdbuf();
  const auto model = wire::JsonDocument::Parse(text.str());
  ASSERT_TRUE(model.ok()) << INSULA_SERVICE_MODEL << ": " << model.error().message();
  int operations = 0;
  for (const auto& [client, of] : model->root().members()) {
    for (const auto& [name, members] : of.Member("operations").members()) {
      const Operation* operation = FindOperation(name);
      ASSERT_NE(operation, nullptr) << name;
      ++operations;
      Paths expected, read;
      for (const wire::JsonValue member : members.elements()) expected.emplace(member.string());
      AddMembers(operation->shape(), "", &read);
      for (const std::string& member : expected) EXPECT_TRUE(read.contains(member)) << name << " lacks " << member;
      for (const std::string& member : read) EXPECT_TRUE(expected.contains(member)) << name << " invents " << member;
    }
  }
  EXPECT_EQ(operations, 66);
}

}  // namespace
}  // namespace insula::operations
