#!/usr/bin/env python3
"""A rule that can't fail guards nothing: each rule of check.py is broken here once, on purpose."""
import unittest

import check


def messages(name, *lines):
    return [message for _, message in check.check_includes(name, lines)]


class LayeringTest(unittest.TestCase):
    def test_a_low_room_must_not_know_a_high_one(self):
        self.assertIn("must not know", messages("src/model/x.cc", '#include "tenancy/identity/context.h"')[0])
        self.assertIn("must not know", messages("src/http/x.cc", '#include "model/ids.h"')[0])

    def test_a_room_may_use_what_its_rooms_use(self):
        self.assertEqual([], messages("src/operations/x.cc", '#include "base/result.h"', '#include "tenancy/identity/context.h"'))

    def test_only_rocks_knows_rocksdb(self):
        self.assertIn("only", messages("src/storage/x.cc", "#include <rocksdb/db.h>")[0])
        self.assertEqual([], messages("src/storage/rocks/x.cc", "#include <rocksdb/db.h>"))

    def test_only_the_catalog_and_tests_make_table_references(self):
        line = '#include "tenancy/identity/table_ref_maker.h"'
        self.assertIn("only", messages("src/storage/rocks/x.cc", line)[0])
        self.assertEqual([], messages("src/storage/rocks/x_test.cc", line))
        self.assertEqual([], messages("src/tenancy/catalog/catalog.cc", line))

    def test_only_the_catalog_and_tests_make_contexts(self):
        line = '#include "tenancy/identity/context_maker.h"'
        for place in ("src/operations/core/x.cc", "src/admin/x.cc", "src/app/x.cc", "src/tenancy/faces/x.cc"):
            self.assertIn("only", messages(place, line)[0])
        self.assertEqual([], messages("src/operations/core/x_test.cc", line))
        self.assertEqual([], messages("src/tenancy/catalog/catalog.cc", line))

    def test_operations_never_see_the_operators_or_the_workers_side_of_the_catalog(self):
        for face in ("organization", "operator_backups", "intents", "backup_intents", "change_logs", "expiring",
                     "transfer_work"):
            line = f'#include "tenancy/faces/{face}.h"'
            self.assertIn("only", messages("src/operations/core/x.cc", line)[0])
            self.assertEqual([], messages("src/operations/core/x_test.cc", line))
        self.assertEqual([], messages("src/admin/x.cc", '#include "tenancy/faces/organization.h"'))
        self.assertIn("only", messages("src/admin/x.cc", '#include "tenancy/faces/intents.h"')[0])
        self.assertIn("only", messages("src/storage/x.cc", '#include "tenancy/faces/organization.h"')[0])
        self.assertIn("only", messages("src/storage/x.cc", '#include "tenancy/faces/intents.h"')[0])
        self.assertEqual([], messages("src/control/x.cc", '#include "tenancy/faces/intents.h"'))
        self.assertIn("only", messages("src/control/x.cc", '#include "tenancy/faces/transfer_work.h"')[0])
        self.assertEqual([], messages("src/transfer/x.cc", '#include "tenancy/faces/transfer_work.h"'))

    def test_operations_have_the_holders_catalog(self):
        self.assertEqual(1, len(list(check.check_calls("src/operations/core/services.h", ["  tenancy::Catalog& catalog;"]))))
        self.assertEqual([], list(check.check_calls("src/operations/core/services.h", ["tenancy::ContextCatalog catalog;"])))
        self.assertEqual([], list(check.check_calls("src/admin/admin_api.h", ["  tenancy::Catalog& catalog;"])))

    def test_the_catalogs_inside_is_its_own(self):
        for header in ("codec/record_codec.h", "state/state.h", "catalog/catalog_impl.h"):
            self.assertIn("only", messages("src/admin/x.cc", f'#include "tenancy/{header}"')[0])

    def test_a_group_may_use_itself_and_those_before_it(self):
        self.assertIn("later group", messages("src/tenancy/state/x.cc", '#include "tenancy/catalog/catalog.h"')[0])
        self.assertIn("later group", messages("src/tenancy/identity/x.h", '#include "tenancy/codec/record_codec.h"')[0])
        self.assertEqual([], messages("src/tenancy/catalog/x.cc", '#include "tenancy/state/state.h"'))
        self.assertEqual([], messages("src/tenancy/state/x_test.cc", '#include "tenancy/faces/organization.h"'))

    def test_rows_are_read_in_one_place(self):
        for line in ("  rows.reset(db->NewIterator(options));", "auto status = store.db()->Get(options, family, key, &value);",
                     "options.read_tier = rocksdb::kBlockCacheTier;", "options.iterate_upper_bound = &end;"):
            self.assertEqual(1, len(list(check.check_calls("src/storage/rocks/writer.cc", [line]))), line)
            self.assertEqual([], list(check.check_calls("src/storage/rocks/writer_test.cc", [line])), line)
        self.assertEqual([], list(check.check_calls("src/storage/rocks/rows.cc", ["db->NewIterator(options)"])))

    def test_parts_of_operations_see_the_seam_and_not_each_other(self):
        for name, line in (("items/x.cc", '#include "operations/pages/page_plan.h"'),
                           ("pages/x.cc", '#include "operations/tables/table_input.h"'),
                           ("core/x.cc", '#include "operations/copies/backup_operations.h"'),
                           ("core/x.cc", '#include "operations/registry.h"'),
                           ("tables/x.cc", '#include "operations/insights/insights.h"')):
            self.assertIn("must not know", messages("src/operations/" + name, line)[0], line)
            self.assertEqual([], messages("src/operations/" + name, '#include "operations/core/table_handle.h"'))
        # But a test asks the whole API.
        self.assertEqual([], messages("src/operations/items/x_test.cc", '#include "operations/testing/server.h"'))

    def test_items_are_asked_for_through_a_handle(self):
        for line in ("auto read = co_await call.services.engine.Get(std::move(request));",
                     "co_await engine().BatchWrite(std::move(requests));",
                     "UsageCells* cells = call.services.usage.CellsOf(context, name);",
                     "if (table.pooled) return NotAuthorized(call, table.arn);", "if (table->pooled) co_return x;"):
            self.assertEqual(1, len(list(check.check_calls("src/operations/items/get_item.cc", [line]))), line)
            self.assertEqual([], list(check.check_calls("src/operations/core/table_handle.cc", [line])), line)
        self.assertIn("only", messages("src/operations/items/x.cc", '#include "operations/core/physical_view.h"')[0])

    def test_coroutines_take_values(self):
        def found(*lines):
            return [message for _, message in check.check_coroutines("src/storage/x.cc", list(lines))]
        self.assertIn("TableRef& may be gone", found("Task<Result<void>> Drop(const TableRef& table,", "    bool now);")[0])
        self.assertEqual(1, len(found("Task<void> A::B(std::vector<int>& all) {", "}")))
        self.assertEqual([], found("Task<Result<std::string>> PutItem(Call& call);", "Task<void> Drop(TableRef table, Clock& clock);",
                                   "Task<void> Edit(std::function<void(TableDefinition&)> edit);", "void Run(const TableRef& table);"))

    def test_locks_are_those_that_the_compiler_checks(self):
        for line in ("  std::mutex mutex_;", "  mutable std::shared_mutex mutex;", "const std::lock_guard lock(mutex_);",
                     "  std::unique_lock lock(mutex_);", "std::condition_variable_any changed;", "std::recursive_timed_mutex m;"):
            for name in ("src/metering/usage.cc", "src/metering/usage_test.cc", "tests/stress/disk.h", "bench/x.cc"):
                self.assertEqual(1, len(list(check.check_names(name, [line]))), line)
            self.assertEqual([], list(check.check_names("src/base/mutex.h", [line])), line)
        self.assertEqual([], list(check.check_names("src/base/log.h", ["  Mutex mutex_;  // not std::mutex"])))

    def test_words_that_must_not_stay(self):
        self.assertEqual(1, len(list(check.check_words("docs/x.md", ["see " + "/wo" + "rk/x"]))))
        self.assertEqual([], list(check.check_words("docs/x.md", ["workings of a todo list"])))

    def leftovers(self, **changes):
        """What is found in a small program of which each file is needed, with some of its files changed."""
        texts = {
            "src/model/size.h": ["// Sizes, computed by size.cc.", "std::size_t SizeOf(std::string_view text);", "class Meter {",
                                 "  int Read() const;", "};"],
            "src/model/size.cc": ['#include "model/size.h"', "std::size_t SizeOf(std::string_view text) { return text.size(); }",
                                  "int Meter::Read() const { return 1; }"],
            "src/app/main.cc": ['#include "model/size.h"', 'int main() { return a && SizeOf("x") > 0 ? meter.Read() : 0; }'],
            "src/model/size_test.cc": ['#include "model/size.h"', 'TEST(Size, Is) { EXPECT_EQ(SizeOf("x"), 1); meter.Read(); }'],
        }
        texts.update({name.replace("__", "/").replace("_cc", ".cc").replace("_h", ".h"): lines for name, lines in changes.items()})
        return list(check.check_leftovers(texts, list(texts)))

    def test_what_is_needed_is_no_leftover(self):
        self.assertEqual([], self.leftovers())

    def test_a_header_that_nobody_includes(self):
        self.assertIn("src/model/old.h: no file includes it", self.leftovers(src__model__old_h=["int x;"])[0])

    def test_a_function_that_only_tests_call(self):
        found = self.leftovers(src__app__main_cc=['#include "model/size.h"', 'int main() { return SizeOf("Read()"); }  // Read()'])
        self.assertEqual(1, len(found))
        self.assertIn("src/model/size.h:4: Read is called by tests alone", found[0])

    def test_a_comment_that_names_what_is_gone(self):
        found = self.leftovers(src__model__more_cc=["// As in evaluate.cc.", 'int x = Log("see evaluate.cc");'])
        self.assertEqual(["src/model/more.cc:1: a comment names evaluate.cc, which does not exist"], found)

    def test_cmake_links_by_the_same_rules(self):
        self.assertEqual([], list(check.check_links()))


if __name__ == "__main__":
    unittest.main()
