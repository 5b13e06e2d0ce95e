// The files that come from outside: packed well and badly, lines without end, CSV as people write it, JSON that is no
// item.
#include <gtest/gtest.h>

#include "objects/testing/memory_store.h"
#include "operations/testing/schemas.h"
#include "transfer/csv_reader.h"
#include "transfer/item_decoder.h"
#include "transfer/line_reader.h"
#include "transfer/manifest.h"
#include "transfer/testing/packing.h"

namespace insula::transfer {
namespace {

using testing::Gzip;
using testing::Unpack;
using testing::Zstd;

std::string Numbers(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += std::to_string(i * 7919) + "\n";
  return text;
}

TEST(Compression, UnpacksWhatWasPacked) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{2'000'000}}) {
    const std::string text = size == 0 ? "" : Numbers(size);
    for (const std::size_t buffer : {std::size_t{7}, std::size_t{100'000}}) {
      if (size > 1'000'000 && buffer == 7) continue;
      EXPECT_EQ(Unpack(Gzip(text), Compression::kGzip, buffer).text, text);
      EXPECT_EQ(Unpack(Zstd(text), Compression::kZstd, buffer).text, text);
      EXPECT_EQ(Unpack(text, Compression::kNone, buffer).text, text);
    }
  }
  EXPECT_EQ(Unpack(Gzip("one\n") + Gzip("two\n"), Compression::kGzip).text, "one\ntwo\n");
  EXPECT_EQ(Unpack(Zstd("one\n") + Zstd("two\n"), Compression::kZstd).text, "one\ntwo\n");
}

TEST(Compression, EndsEarlyWhereverItIsCut) {
  const std::string text = Numbers(3'000);
  const std::string gzip = Gzip(text), zstd = Zstd(text);
  for (std::size_t cut = 1; cut < gzip.size(); cut += 13) {
    const auto read = Unpack(gzip.substr(0, cut), Compression::kGzip);
    EXPECT_EQ(read.error, "The object's gzip data ends early") << cut;
    EXPECT_TRUE(text.starts_with(read.text)) << cut;
  }
  for (std::size_t cut = 1; cut < zstd.size(); cut += 13) {
    EXPECT_EQ(Unpack(zstd.substr(0, cut), Compression::kZstd).error, "The object's zstd data ends early") << cut;
  }
}

TEST(Compression, DamageIsSaid) {
  EXPECT_EQ(Unpack("plain text, no gzip", Compression::kGzip).error, "The object's gzip data is damaged");
  EXPECT_EQ(Unpack("plain text, no zstd", Compression::kZstd).error, "The object's zstd data is damaged");
  std::string flipped = Gzip(Numbers(100'000));
  flipped[flipped.size() / 2] ^= 0x10;
  EXPECT_FALSE(Unpack(flipped, Compression::kGzip).error.empty());
  EXPECT_EQ(Unpack(Gzip("one\n") + "trailing", Compression::kGzip).text, "one\n");
}

// A frame of one block that isn't packed, whose header promises more than the block brings: the decoder gives out what
// has arrived of such a block, and finds out at its end.
TEST(Compression, GivesTheSameOfDamagedDataHoweverItArrives) {
  const std::string text = "one\ntwo\n";
  std::string frame = "\x28\xB5\x2F\xFD";                          // the magic number
  frame += {'\x20', '\x58'};                                       // one segment, 88 bytes long
  frame += {static_cast<char>(text.size() << 3 | 1), '\0', '\0'};  // the last block, as it is
  frame += text;
  std::string torn = Zstd(Numbers(500'000));
  torn[torn.size() / 2] ^= 0x55;
  for (const std::string& packed : {frame, torn, torn.substr(0, torn.size() / 2), Zstd("one\n") + frame}) {
    const auto whole = Unpack(packed, Compression::kZstd);
    EXPECT_FALSE(whole.error.empty());
    for (const std::size_t at_once : {std::size_t{1}, std::size_t{7}, std::size_t{5000}}) {
      const auto slow = Unpack(packed, Compression::kZstd, 1000, at_once);
      EXPECT_EQ(slow.text, whole.text) << at_once;
      EXPECT_EQ(slow.error, whole.error) << at_once;
    }
  }
}

// Lines of `text`, read with buffers' worth at a time; "(too long)" for what was passed over.
std::vector<std::string> Lines(std::string text, std::size_t size_max) {
  objects::testing::MemoryStore store;
  store.Put("x", std::move(text));
  const auto reader = std::move(*store.Open("x"));
  LineReader lines(*reader, size_max);
  std::vector<std::string> all;
  for (;;) {
    const auto line = lines.Next();
    EXPECT_TRUE(line.ok());
    if (!line->has_value()) return all;
    all.push_back((*line)->too_long ? "(too long)" : std::string((*line)->text));
  }
}

TEST(LineReader, GivesLinesOfAnyLength) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Lines("", 10), Texts());
  EXPECT_EQ(Lines("a\nb", 10), Texts({"a", "b"}));
  EXPECT_EQ(Lines("a\r\n\nb\n", 10), Texts({"a", "", "b"}));
  EXPECT_EQ(Lines("0123456789\n0123456789a\nb\n", 10), Texts({"0123456789", "(too long)", "b"}));
  const std::string long_line(700'000, 'x');  // more than two buffers
  EXPECT_EQ(Lines("a\n" + long_line + "\nb\n", 1'000'000), Texts({"a", long_line, "b"}));
  EXPECT_EQ(Lines("a\n" + long_line + "\nb\n", 600'000), Texts({"a", "(too long)", "b"}));
  EXPECT_EQ(Lines(long_line, 600'000), Texts({"(too long)"}));
}

// "a|b" for a record, "!why" for what is none.
std::vector<std::string> Records(std::string text, char delimiter = ',', std::size_t size_max = 100) {
  objects::testing::MemoryStore store;
  store.Put("x", std::move(text));
  const auto reader = std::move(*store.Open("x"));
  CsvReader records(*reader, delimiter, size_max);
  std::vector<std::string> all;
  for (;;) {
    const auto record = records.Next(100);
    EXPECT_TRUE(record.ok());
    if (!record->has_value()) return all;
    std::string text_of = (*record)->error.empty() ? "" : "!" + (*record)->error;
    if ((*record)->error.empty()) {
      for (const std::string& field : (*record)->fields) text_of += field + "|";
      text_of.pop_back();
    }
    all.push_back(text_of);
  }
}

TEST(CsvReader, ReadsWhatPeopleWrite) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Records("a,b\r\n1,2\r\n"), Texts({"a|b", "1|2"}));
  EXPECT_EQ(Records("\xEF\xBB\xBF"
                    "a,b\n\n1,\n,\n"),
            Texts({"a|b", "1|", "|"}));
  EXPECT_EQ(Records("\"a,\"\"b\"\"\",c\n"), Texts({"a,\"b\"|c"}));
  EXPECT_EQ(Records("\"two\nlines\n\",c\nd\n"), Texts({"two\nlines\n|c", "d"}));
  EXPECT_EQ(Records("a;b,c\td\n", ';'), Texts({"a|b,c\td"}));
  EXPECT_EQ(Records("a\tb\n", '\t'), Texts({"a|b"}));
  EXPECT_EQ(Records("5\" wide,b\n"), Texts({"5\" wide|b"}));
  EXPECT_EQ(Records("\"a\"b,c\nd\n"), Texts({"!A quoted field is followed by something else than a delimiter", "d"}));
  EXPECT_EQ(Records("\"never closed\n\n"), Texts({"!The file ends within quotes"}));
  EXPECT_EQ(Records("a\n" + std::string(101, 'x') + "\nb\n"),
            Texts({"a", "!The record is longer than 100 bytes", "b"}));
  EXPECT_EQ(Records("\"" + std::string(60, 'x') + "\n" + std::string(60, 'x') + "\nb\n").front(),
            "!The record is longer than 100 bytes");
}

TEST(CsvReader, CountsFieldsThatNobodyAskedFor) {
  objects::testing::MemoryStore store;
  store.Put("x", std::string(1'000'000, ',') + "\na,\"b\n,\"\"c\",d\n");
  const auto reader = std::move(*store.Open("x"));
  CsvReader records(*reader, ',', 2'000'000);
  auto record = records.Next(2);
  EXPECT_EQ((*record)->count, 1'000'001u);
  EXPECT_EQ((*record)->fields, std::vector<std::string>({"", ""}));
  record = records.Next(1);
  EXPECT_EQ((*record)->count, 3u);
  EXPECT_EQ((*record)->fields, std::vector<std::string>({"a"}));
  EXPECT_FALSE(records.Next(1)->has_value());
}

std::string Refusal(const Result<AttributeMap>& item) { return item.ok() ? "an item" : item.error().message(); }

TEST(ItemFromJson, TakesItemsAlone) {
  const auto item =
      ItemFromJson(R"({"Item":{"pk":{"S":"a"},"n":{"N":"1.50"},"b":{"B":"AQI="},"l":{"L":[{"NULL":true}]}}})");
  ASSERT_TRUE(item.ok()) << item.error().message();
  EXPECT_EQ(*item->Find("n"), AttributeValue::N(*Number::Parse("1.5")));
  EXPECT_EQ(*item->Find("b"), AttributeValue::B("\x01\x02"));
  EXPECT_EQ(Refusal(ItemFromJson("{")), "The record is not JSON in UTF-8");
  EXPECT_EQ(Refusal(ItemFromJson("{\"Item\":{\"pk\":{\"S\":\"\xff\"}}}")), "The record is not JSON in UTF-8");
  EXPECT_EQ(Refusal(ItemFromJson("[]")), "The record is not a JSON object");
  EXPECT_EQ(Refusal(ItemFromJson(R"({"pk":{"S":"a"}})")), "The record has no member \"Item\" that is an object");
  EXPECT_EQ(Refusal(ItemFromJson(R"({"Item":null})")), "The record has no member \"Item\" that is an object");
  EXPECT_NE(Refusal(ItemFromJson(R"({"Item":{"pk":{"S":1}}})")), "an item");
  EXPECT_EQ(Refusal(ItemFromJson(R"({"Item":{"pk":{}}})")),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  EXPECT_EQ(Refusal(ItemFromJson(R"({"Item":{"pk":{"N":"x"}}})")),
            "The parameter cannot be converted to a numeric value: x");
}

TableDefinition Keys() {
  TableDefinition definition;
  definition.schema = std::make_shared<TableSchema>(operations::SchemaOf(AttributeType::kN, {AttributeType::kB}));
  definition.attribute_definitions = {{"pk", AttributeType::kN}, {"sk", AttributeType::kB}, {"by", AttributeType::kN}};
  return definition;
}

TEST(CsvDecoder, KeysHaveTheirTypesAndTheRestAreStrings) {
  const CsvDecoder decoder({"pk", "sk", "by", "note"}, Keys());
  EXPECT_EQ(decoder.Decode({"7", "AQI=", "1", "3"}, 4).value(), AttributeMap({{"pk", AttributeValue::N(7)},
                                                                              {"sk", AttributeValue::B("\x01\x02")},
                                                                              {"by", AttributeValue::N(1)},
                                                                              {"note", AttributeValue::S("3")}}));
  EXPECT_EQ(decoder.Decode({"7", "AQI=", "", ""}, 4).value(), AttributeMap({{"pk", AttributeValue::N(7)},
                                                                            {"sk", AttributeValue::B("\x01\x02")},
                                                                            {"note", AttributeValue::S("")}}));
  EXPECT_EQ(Refusal(decoder.Decode({"7", "AQI="}, 2)), "The record has 2 fields where its header has 4");
  EXPECT_EQ(Refusal(decoder.Decode({"seven", "AQI=", "", ""}, 4)),
            "The parameter cannot be converted to a numeric value: seven");
  EXPECT_EQ(Refusal(decoder.Decode({"7", "!", "", ""}, 4)), "The value of sk is not base64");
  EXPECT_EQ(Refusal(decoder.Decode({"7", "AQI=", "", "\xff"}, 4)), "The value of note is not UTF-8");
  EXPECT_FALSE(CheckHeaders({}).ok());
  EXPECT_FALSE(CheckHeaders({"a", ""}).ok());
  EXPECT_FALSE(CheckHeaders({"a", "b", "a"}).ok());
  EXPECT_TRUE(CheckHeaders({"a", "b"}).ok());
}

TEST(Manifest, IsAmazons) {
  tenancy::TransferRecord transfer;
  transfer.id = "01693685827463-2d8752fd";
  transfer.bucket = "exports";
  transfer.prefix = "2026-Nov";
  transfer.table_id = "12345a12-abcd-123a-ab12-1234abc12345";
  transfer.started_at = WallTime(std::chrono::milliseconds(1'604'474'914'028));
  tenancy::ExportDetails details;
  details.to = transfer.started_at;
  details.items = 8;
  details.billed_bytes = 99;
  details.files = {{DataFileName(transfer, 0), 8, "sQMSpEILNgoQmarvDFonGQ==", "af83d6f217c19b8b0fff8023d8ca4716-1"}};
  transfer.details = details;
  const std::string name = transfer.as_export().files.front().name;
  EXPECT_EQ(name.size(), 26u + 8u);
  EXPECT_EQ(DataFileName(transfer, 0), name);
  EXPECT_NE(DataFileName(transfer, 1), name);
  EXPECT_EQ(StartedKey(transfer), "2026-Nov/AWSDynamoDB/01693685827463-2d8752fd/_started");
  EXPECT_EQ(SummaryManifestKey(transfer), "2026-Nov/AWSDynamoDB/01693685827463-2d8752fd/manifest-summary.json");
  EXPECT_EQ(ChecksumKey(SummaryManifestKey(transfer)),
            "2026-Nov/AWSDynamoDB/01693685827463-2d8752fd/manifest-summary.md5");
  EXPECT_EQ(FilesManifest(transfer),
            R"({"itemCount":8,"md5Checksum":"sQMSpEILNgoQmarvDFonGQ==","etag":"af83d6f217c19b8b0fff8023d8ca4716-1",)"
            R"("dataFileS3Key":"2026-Nov/AWSDynamoDB/01693685827463-2d8752fd/data/)" +
                name + "\"}\n");
  const ManifestNames names{"arn:export", "arn:table"};
  EXPECT_EQ(
      SummaryManifest(transfer, names, transfer.started_at + std::chrono::seconds(1)),
      R"({"version":"2020-06-30","exportArn":"arn:export","startTime":"2020-11-04T07:28:34.028Z",)"
      R"("endTime":"2020-11-04T07:28:35.028Z","tableArn":"arn:table","tableId":"12345a12-abcd-123a-ab12-1234abc12345",)"
      R"("exportTime":"2020-11-04T07:28:34.028Z","s3Bucket":"exports","s3Prefix":"2026-Nov","s3SseAlgorithm":"AES256",)"
      R"("s3SseKmsKeyId":null,"manifestFilesS3Key":"2026-Nov/AWSDynamoDB/01693685827463-2d8752fd/manifest-files.json",)"
      R"("billedSizeBytes":99,"itemCount":8,"outputFormat":"DYNAMODB_JSON","exportType":"FULL_EXPORT"})");
  EXPECT_EQ(Checksum("abc"), "kAFQmDzST7DWlj99KOF/cg==");

  transfer.prefix.clear();
  transfer.as_export().incremental = true;
  transfer.as_export().view = "NEW_IMAGE";
  EXPECT_EQ(DataKey(transfer, "x.json.gz"), "AWSDynamoDB/data/x.json.gz");
  const std::string summary = SummaryManifest(transfer, names, transfer.started_at);
  EXPECT_NE(summary.find(R"("version":"2023-08-01")"), std::string::npos);
  EXPECT_NE(summary.find(R"("exportFromTime":)"), std::string::npos);
  EXPECT_NE(summary.find(R"("outputView":"NEW_IMAGE","exportType":"INCREMENTAL_EXPORT"})"), std::string::npos);
}

}  // namespace
}  // namespace insula::transfer
