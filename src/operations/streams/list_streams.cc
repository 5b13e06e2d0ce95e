// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
#include "operations/streams/stream_operations.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {
constexpr std::int64_t kStreamsPerPageMax = 100;
}

Task<Result<std::string>> ListStreams(Call& call) {
  wire::StructureView input = call.input();
  const auto limit = static_cast<std::size_t>(input.Integer("Limit").value_or(kStreamsPerPageMax));
  const tenancy::Streams streams = call.services.catalog.streams();
  INSULA_CO_ASSIGN(const tenancy::StreamPage page,
                   streams.List(call.context(), input.String("TableName"),
                                input.String("ExclusiveStartStreamArn").value_or(""), limit));
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Streams");
  writer.BeginArray();
  for (const tenancy::Stream& stream : page.streams) {
    writer.BeginObject();
    writer.StringField("StreamArn", stream.arn);
    writer.StringField("TableName", stream.table->definition.name);
    writer.StringField("StreamLabel", stream.settings.label);
    writer.EndObject();
  }
  writer.EndArray();
  if (page.more) writer.StringField("LastEvaluatedStreamArn", page.streams.back().arn);
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
