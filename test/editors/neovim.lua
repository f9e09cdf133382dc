-- A session of a person in Neovim: opens, saves, reads, fixes, renames and formats a design. The test names the design and the file for the
-- record in the environment. The configuration before this script is the one of docs/editors.md.
local design, target = vim.env.STIMPACK_DESIGN, vim.env.STIMPACK_RECORD
local record = {}

local function until_true(what, probe)
  if not vim.wait(60000, probe, 50) then
    error('waited in vain for ' .. what)
  end
end

local function diagnostics(code)
  return vim.tbl_filter(function(one)
    return code == nil or (one.code or vim.tbl_get(one, 'user_data', 'lsp', 'code')) == code
  end, vim.diagnostic.get(0))
end

local function ask(method, params)
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 60000) or {}) do
    if answer.error then error(method .. ': ' .. answer.error.message) end
    if answer.result ~= nil then return answer.result end
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local function go_to(text)
  vim.fn.cursor(1, 1)
  if vim.fn.search(text, 'cW') == 0 then error('no ' .. text) end
end

local function session()
  vim.cmd('edit ' .. vim.fn.fnameescape(design))
  until_true('the server', function()
    local client = vim.lsp.get_active_clients()[1]
    return client ~= nil and client.initialized and vim.lsp.buf_is_attached(0, client.id)
  end)
  local client = vim.lsp.get_active_clients()[1]
  record.filetype = vim.bo.filetype

  -- A save simulates: the violated objective is on its line.
  vim.cmd('write')
  until_true('the verdict', function() return #diagnostics('slo-violated') == 1 end)
  local violated = diagnostics('slo-violated')[1]
  record.violated = { line = violated.lnum + 1, severity = violated.severity, message = violated.message }

  go_to('TPUv4i')
  local hover = ask('textDocument/hover', vim.lsp.util.make_position_params())
  record.hover = table.concat(vim.lsp.util.convert_input_to_markdown_lines(hover.contents), '\n')

  -- A name with a typing error, and its quick fix.
  go_to('npu: TPUv4i')
  vim.api.nvim_set_current_line('  npu: TPUv4j')
  until_true('the unknown name', function() return #diagnostics('unknown-name') == 1 end)
  go_to('TPUv4j')
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
  local actions = ask('textDocument/codeAction', params)
  record.fixes = vim.tbl_map(function(action) return action.title end, actions)
  vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
  record.fixed = vim.fn.trim(vim.api.nvim_get_current_line())
  until_true('no error', function() return #diagnostics('unknown-name') == 0 end)

  -- Rename in the whole file.
  go_to('peak')
  vim.lsp.buf.rename('burst')
  until_true('the new name', function() return table.concat(lines(), '\n'):find('peak') == nil end)
  record.renamed = vim.tbl_filter(function(line) return line:find('burst') ~= nil end, lines())

  -- Two spaces, whatever this buffer has.
  vim.bo.shiftwidth = 8
  go_to('serve')
  vim.api.nvim_set_current_line('          serve Tiny {')
  if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 60000 }) else vim.lsp.buf.formatting_sync(nil, 60000) end
  record.formatted = lines()
  vim.cmd('write')

  -- What the server sent without an answer in Neovim would be an error in its log.
  record.errors = vim.fn.execute('messages')
  client.stop()
  until_true('the end of the server', function() return client.is_stopped() end)
end

local ok, problem = xpcall(session, debug.traceback)
if not ok then record.problem = problem end
vim.fn.writefile({ vim.fn.json_encode(record) }, target)
vim.cmd('qall!')
