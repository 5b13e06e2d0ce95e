#include "operations/item_operations.h"

#include "wire/shapes.h"

namespace insula::operations {
namespace {

constexpr Operation kOperations[] = {
    {"BatchExecuteStatement", wire::shapes::BatchExecuteStatement, BatchExecuteStatement},
    {"BatchGetItem", wire::shapes::BatchGetItem, BatchGetItem},
    {"BatchWriteItem", wire::shapes::BatchWriteItem, BatchWriteItem},
    {"DeleteItem", wire::shapes::DeleteItem, DeleteItem},
    {"ExecuteStatement", wire::shapes::ExecuteStatement, ExecuteStatement},
    {"ExecuteTransaction", wire::shapes::ExecuteTransaction, ExecuteTransaction},
    {"GetItem", wire::shapes::GetItem, GetItem},
    {"PutItem", wire::shapes::PutItem, PutItem},
    {"SearchVectors", wire::shapes::SearchVectors, SearchVectors},
    {"TransactGetItems", wire::shapes::TransactGetItems, TransactGetItems},
    {"TransactWriteItems", wire::shapes::TransactWriteItems, TransactWriteItems},
    {"UpdateItem", wire::shapes::UpdateItem, UpdateItem},
};

}  // namespace

std::span<const Operation> ItemOperations() { return kOperations; }

}  // namespace insula::operations
