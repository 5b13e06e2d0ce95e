#include "transfer/record_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "transfer/compression.h"
#include "transfer/csv_reader.h"
#include "transfer/line_reader.h"

namespace insula::transfer {
namespace {

using MaybeRecord = std::optional<Result<Record>>;

Result<Record> Plain(Result<AttributeMap> item) {
  if (!item.ok()) return std::move(item).error();
  return Record{std::move(item).value(), nullptr};
}

class JsonRecords : public RecordReader {
 public:
  JsonRecords(std::unique_ptr<objects::ObjectReader> object, RecordOptions options)
      : object_(std::move(object)), lines_(*object_, options.size_max), options_(options) {}

  Result<MaybeRecord> Next() override {
    INSULA_ASSIGN(const std::optional<Line> line, NextLine());
    if (!line) return MaybeRecord();
    if (line->too_long) {
      return MaybeRecord(ValidationError(fmt::format("The record is longer than {} bytes", options_.size_max)));
    }
    return MaybeRecord(options_.with_conditions ? RecordFromJson(line->text) : Plain(ItemFromJson(line->text)));
  }
  Result<bool> Skip() override {
    INSULA_ASSIGN(const std::optional<Line> line, NextLine());
    return line.has_value();
  }
  std::uint64_t bytes() const override { return lines_.bytes(); }

 private:
  // Empty lines are no records.
  Result<std::optional<Line>> NextLine() {
    for (;;) {
      INSULA_ASSIGN(const std::optional<Line> line, lines_.Next());
      if (!line || line->too_long || line->text.find_first_not_of(" \t") != std::string_view::npos) return line;
    }
  }

  std::unique_ptr<objects::ObjectReader> object_;
  LineReader lines_;
  const RecordOptions options_;
};

class CsvRecords : public RecordReader {
 public:
  CsvRecords(std::unique_ptr<objects::ObjectReader> object, const tenancy::InputFormat& format,
             const TableDefinition& definition, std::size_t size_max)
      : object_(std::move(object)),
        reader_(*object_, format.delimiter.empty() ? ',' : format.delimiter.front(), size_max),
        definition_(definition) {
    if (!format.headers.empty()) decoder_.emplace(format.headers, definition);
  }

  Result<MaybeRecord> Next() override {
    INSULA_TRY(ReadHeader());
    INSULA_ASSIGN(std::optional<CsvRecord> record, reader_.Next(Columns()));
    if (!record) return MaybeRecord();
    if (!record->error.empty()) return MaybeRecord(ValidationError(std::move(record->error)));
    return MaybeRecord(Plain(decoder_->Decode(std::move(record->fields), record->count)));
  }
  Result<bool> Skip() override {
    INSULA_TRY(ReadHeader());
    INSULA_ASSIGN(const std::optional<CsvRecord> record, reader_.Next(1));
    return record.has_value();
  }
  std::uint64_t bytes() const override { return reader_.bytes(); }

 private:
  // The first record, where the request named no headers. An empty file has none, and no records either.
  Result<void> ReadHeader() {
    if (decoder_) return {};
    INSULA_ASSIGN(std::optional<CsvRecord> header, reader_.Next(kColumnsMax));
    if (!header) return {};
    if (!header->error.empty()) return ValidationError("The header is no record: " + header->error);
    if (header->count > kColumnsMax) {
      return ValidationError(fmt::format("The header has {} fields, more than an item has room for", header->count));
    }
    INSULA_TRY(CheckHeaders(header->fields));
    decoder_.emplace(std::move(header->fields), definition_);
    return {};
  }

  std::size_t Columns() const { return decoder_ ? std::max<std::size_t>(decoder_->columns(), 1) : 1; }

  std::unique_ptr<objects::ObjectReader> object_;
  CsvReader reader_;
  const TableDefinition& definition_;
  std::optional<CsvDecoder> decoder_;
};

}  // namespace

std::unique_ptr<RecordReader> OpenRecords(std::unique_ptr<objects::ObjectReader> object,
                                          const tenancy::InputFormat& format, const TableDefinition& definition,
                                          RecordOptions options) {
  object = Unpacked(std::move(object), CompressionOf(format.compression).value_or(Compression::kNone));
  if (format.format == "CSV") {
    return std::make_unique<CsvRecords>(std::move(object), format, definition, options.size_max);
  }
  return std::make_unique<JsonRecords>(std::move(object), options);
}

}  // namespace insula::transfer
