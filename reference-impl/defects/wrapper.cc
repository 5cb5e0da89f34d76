#include "reference-impl/defects/wrapper.h"

#include <algorithm>

namespace understudy::reference {

std::optional<FrameHeader> incoming(const Input& input, FrameType type) {
  const auto* frame = std::get_if<FrameReceived>(&input);
  if (!frame) return std::nullopt;
  const auto header = read_header(frame->bytes);
  return header && header->type == type ? header : std::nullopt;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

void change_heartbeats(Moment& moment,
                       const std::function<void(FrameHeader&, Heartbeat&)>& change) {
  Outputs& outputs = moment.machine.outputs;
  for (std::size_t i = moment.from; i < outputs.size(); ++i) {
    auto* frame = std::get_if<SendFrame>(&outputs[i]);
    auto header = frame ? read_header(frame->bytes.view()) : std::nullopt;
    if (!header || header->type != FrameType::Heartbeat) continue;
    auto said = read_heartbeat(frame->bytes.view());
    if (!said) continue;
    change(*header, *said);
    frame->bytes = write_heartbeat(*header, *said);
  }
}

void change_writes(Moment& moment, const std::function<void(WriteFlash&)>& change) {
  Outputs& outputs = moment.machine.outputs;
  for (std::size_t i = moment.from; i < outputs.size(); ++i) {
    if (auto* write = std::get_if<WriteFlash>(&outputs[i])) change(*write);
  }
}

void drop_outputs(Moment& moment, const std::function<bool(const Output&)>& which) {
  Outputs& outputs = moment.machine.outputs;
  const auto from = outputs.begin() + static_cast<std::ptrdiff_t>(moment.from);
  outputs.erase(std::remove_if(from, outputs.end(), which), outputs.end());
}

void drop_frames(Moment& moment, FrameType type) {
  drop_outputs(moment, [type](const Output& output) {
    const auto* frame = std::get_if<SendFrame>(&output);
    const auto header = frame ? read_header(frame->bytes.view()) : std::nullopt;
    return header && header->type == type;
  });
}

bool has_become(Moment& moment, Office office) {
  const auto now = static_cast<std::int64_t>(moment.machine.office());
  const std::int64_t was = std::exchange(moment.notes["office"], now);
  return was != now && moment.machine.office() == office;
}

TransitionRow* row_for(Profile& profile, NodeState from, Event event) {
  for (TransitionRow& row : profile.transitions) {
    if (row.event == event && (!row.from || row.from == from)) return &row;
  }
  return nullptr;
}

ElectionRow* row_for(Profile& profile, Factor factor) {
  for (ElectionRow& row : profile.election.order) {
    if (row.factor == factor) return &row;
  }
  return nullptr;
}

CommandRow* row_for(Profile& profile, CommandKind kind) {
  for (CommandRow& row : profile.commands) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

ApplicationRow* row_for(Profile& profile, std::string_view application) {
  for (ApplicationRow& row : profile.replication.applications) {
    if (row.name == application) return &row;
  }
  return nullptr;
}

std::function<void(Profile&)> at_failover(std::vector<std::string_view> names, AtFailover fate) {
  return [names = std::move(names), fate](Profile& profile) {
    for (const std::string_view name : names) row_for(profile, name)->at_failover = fate;
  };
}

void remove_transitions(Profile& profile, Event event) {
  std::erase_if(profile.transitions,
                [event](const TransitionRow& row) { return row.event == event; });
}

void remove_factor(Profile& profile, Factor factor) {
  std::erase_if(profile.election.order,
                [factor](const ElectionRow& row) { return row.factor == factor; });
}

void remove_rule(Profile& profile, Content content, When when) {
  std::erase_if(profile.replication.rules, [&](const ReplicationRow& row) {
    return row.content == content && row.when == when;
  });
}

void remove_action(TransitionRow* row, Action action) {
  std::erase(row->actions, action);
}

}  // namespace understudy::reference
