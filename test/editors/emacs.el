;;; emacs.el --- A session of a person in Emacs -*- lexical-binding: t -*-
;; Opens, saves, reads, fixes, renames and formats a design. The test names the design and the file for the record in the
;; environment. The configuration before this script is the one of docs/editors.md.

(require 'eglot)
(require 'json)

(defvar npu-record nil "What the test compares, by name.")

(defun npu-note (name value) (push (cons name value) npu-record))

(defun npu-until (what probe)
  "Wait until PROBE returns something and return that."
  (let ((end (+ (float-time) 60)) found)
    (while (and (not (setq found (funcall probe))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or found (error "Waited in vain for %s" what))))

(defun npu-diagnostics (text)
  "The diagnostics whose message contains TEXT."
  (seq-filter (lambda (one) (string-match-p text (flymake-diagnostic-text one))) (flymake-diagnostics)))

(defun npu-go-to (text)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun npu-lines () (split-string (buffer-substring-no-properties (point-min) (point-max)) "\n" t))

;; Emacs sends a change when it is idle, which a batch session never is.
(defun npu-send-changes () (eglot--signal-textDocument/didChange))

(defun npu-replace-line (text)
  (delete-region (line-beginning-position) (line-end-position))
  (insert text)
  (npu-send-changes))

(defun npu-session ()
  (find-file (getenv "STIMPACK_DESIGN"))
  (npu-note 'mode (symbol-name major-mode))
  ;; `eglot-ensure' starts the server after the first command, which a batch session does not have.
  (apply #'eglot--connect (eglot--guess-contact))
  (npu-until "the server" #'eglot-managed-p)

  ;; A save simulates: the violated objective is on its line.
  (set-buffer-modified-p t)
  (save-buffer)
  (let ((one (car (npu-until "the verdict" (lambda () (npu-diagnostics "times the 1 ns limit"))))))
    (npu-note 'violated `((line . ,(line-number-at-pos (flymake-diagnostic-beg one)))
                          (message . ,(flymake-diagnostic-text one)))))

  (npu-go-to "TPUv4i\n")
  (let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (npu-note 'hover (substring-no-properties (eglot--hover-info (plist-get hover :contents)))))

  ;; A name with a typing error, and its quick fix.
  (npu-go-to "npu: TPUv4i")
  (beginning-of-line)
  (npu-replace-line "  npu: TPUv4j")
  (npu-until "the unknown name" (lambda () (npu-diagnostics "TPUv4j")))
  (npu-go-to "TPUv4j")
  (let ((actions (eglot-code-actions (point) (+ (point) 6) "quickfix")))
    (npu-note 'fixes (vconcat (mapcar (lambda (action) (plist-get action :title)) actions)))
    (eglot--apply-workspace-edit (plist-get (car (append actions nil)) :edit)))
  (npu-send-changes)
  (npu-note 'fixed (string-trim (thing-at-point 'line t)))
  (npu-until "no error" (lambda () (null (npu-diagnostics "TPUv4j"))))

  ;; Rename in the whole file.
  (npu-go-to "peak")
  (eglot-rename "burst")
  (npu-send-changes)
  (npu-note 'renamed (vconcat (seq-filter (lambda (line) (string-match-p "burst" line)) (npu-lines))))

  ;; Two spaces, whatever this buffer has.
  (setq tab-width 8)
  (npu-go-to "  serve")
  (beginning-of-line)
  (npu-replace-line "          serve Tiny {")
  (eglot-format-buffer)
  (npu-note 'formatted (vconcat (npu-lines)))
  (save-buffer)
  (eglot-shutdown (eglot-current-server)))

(condition-case problem
    (npu-session)
  (error (npu-note 'problem (error-message-string problem))))
(let ((text (json-encode npu-record)))
  (with-temp-file (getenv "STIMPACK_RECORD") (insert text)))
(kill-emacs)
