#include "operations/item_operations.h"

#include "wire/shapes.h"

namespace insula::operations {
namespace {

constexpr Operation kOperations[] = {
    {"BatchGetItem", wire::shapes::BatchGetItem, BatchGetItem},
    {"BatchWriteItem", wire::shapes::BatchWriteItem, BatchWriteItem},
    {"DeleteItem", wire::shapes::DeleteItem, DeleteItem},
    {"GetItem", wire::shapes::GetItem, GetItem},
    {"PutItem", wire::shapes::PutItem, PutItem},
    {"TransactGetItems", wire::shapes::TransactGetItems, TransactGetItems},
    {"TransactWriteItems", wire::shapes::TransactWriteItems, TransactWriteItems},
    {"UpdateItem", wire::shapes::UpdateItem, UpdateItem},
};

}  // namespace

std::span<const Operation> ItemOperations() { return kOperations; }

}  // namespace insula::operations
