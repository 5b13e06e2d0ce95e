// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html
#include <set>
#include <utility>

#include "operations/copies/transfer_answers.h"
#include "operations/copies/transfer_operations.h"
#include "operations/core/refusal.h"
#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"
#include "operations/tables/table_input.h"
#include "operations/tables/table_rules.h"
#include "wire/json_copy.h"

namespace insula::operations {
namespace {

constexpr std::size_t kHeadersBytesMax = 64 * 1024;  // so that the import's record has room for them
constexpr std::size_t kParametersBytesMax = 128 * 1024;

Result<tenancy::ImportDetails> DetailsOf(wire::StructureView input) {
  tenancy::ImportDetails details;
  details.input.format = *input.String("InputFormat");
  if (details.input.format == "ION") return IonNotOffered();
  details.input.compression = input.String("InputCompressionType").value_or("NONE");
  if (const auto options = input.Structure("InputFormatOptions")) {
    if (const auto csv = options->Structure("Csv")) {
      if (details.input.format != "CSV") {
        return InvalidRequest("Unsupported InputFormatOptions for the given input format: {}.", details.input.format);
      }
      details.input.delimiter = csv->String("Delimiter").value_or("");
      details.input.headers = csv->Strings("HeaderList").value_or(std::vector<std::string>());
    }
  }
  std::set<std::string_view> seen;
  std::size_t bytes = 0;
  for (const std::string& header : details.input.headers) {
    if (!seen.insert(header).second) return Invalid("HeaderList: {} is there twice", header);
    bytes += header.size();
  }
  if (bytes > kHeadersBytesMax) return Invalid("HeaderList: its texts have more than {} bytes", kHeadersBytesMax);
  wire::JsonWriter writer(&details.parameters);
  wire::WriteJson(input.Json("TableCreationParameters"), &writer);
  if (details.parameters.size() > kParametersBytesMax) {
    return Invalid("TableCreationParameters have more than {} bytes", kParametersBytesMax);
  }
  return details;
}

}  // namespace

Task<Result<std::string>> ImportTable(Call& call) {
  const wire::StructureView input = call.input();
  INSULA_CO_TRY(CheckHasObjects(call));
  tenancy::TransferRecord wanted;
  INSULA_CO_ASSIGN(wanted.details, DetailsOf(input));
  const wire::StructureView source = *input.Structure("S3BucketSource");
  INSULA_CO_ASSIGN(wanted.prefix, PrefixOf("S3KeyPrefix", source.String("S3KeyPrefix").value_or("")));
  const CreateTableInput parameters = ReadTableCreationParameters(*input.Structure("TableCreationParameters"));
  INSULA_CO_TRY(CheckCreateTable(parameters, call.services.options.region));
  wanted.bucket = *source.String("S3Bucket");
  if (auto owner = source.String("S3BucketOwner")) wanted.bucket_owner = *owner;
  wanted.client_token = input.String("ClientToken").value_or("");
  wanted.fingerprint = FingerprintOf(input);
  TableDefinition definition = DefinitionOf(parameters, call.services.clock.Now());
  tenancy::Transfers transfers = call.services.catalog.transfers();
  tenancy::Context context = call.context();
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer,
                   co_await transfers.StartImport(std::move(context), std::move(definition), std::move(wanted)));
  co_return ImportAnswer(transfers, *transfer);
}

}  // namespace insula::operations
